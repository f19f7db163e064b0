import { spawn, type ChildProcess } from 'node:child_process';
import { Duplex, Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { encodeFrame, FrameReader } from '../runtime/frames.ts';
import {
  environmentReport,
  type EnvironmentReport,
  type EnvironmentSettings,
  type InvokeRequest,
} from '../runtime/protocol.ts';
import { runtimeProgram } from './runtime-program.ts';

/**
 * Half of what V8 would take. Under load every environment fills what it may have, so this bounds
 * the memory of the whole system; smaller still, and collecting garbage costs more than it saves.
 */
const SEMI_SPACE_MB = 8;
const OUT_OF_MEMORY = /JavaScript heap out of memory/;

export interface ProcessListener {
  onReport(report: EnvironmentReport, text: string): void;
  /** A line that reached a standard stream past the runtime. */
  onLine(line: string): void;
  /** Once, with the cause as Lambda words it: `exit status 1`, `signal: killed`. */
  onExit(cause: string, exitCode: number | null): void;
}

/** The process of an execution environment, in a process group of its own. */
export class EnvironmentProcess {
  readonly #child: ChildProcess;
  readonly #connection: Duplex;
  readonly #exited: Promise<void>;
  #outOfMemory = false;

  constructor(
    settings: EnvironmentSettings,
    {
      variables,
      debugPort,
      listener,
    }: {
      variables: Record<string, string>;
      /** Where a debugger may attach to the process. */
      debugPort: number | undefined;
      listener: ProcessListener;
    },
  ) {
    const flags = [
      `--max-old-space-size=${settings.memoryMb}`,
      `--max-semi-space-size=${SEMI_SPACE_MB}`,
      ...(debugPort === undefined ? [] : [`--inspect=127.0.0.1:${debugPort}`]),
    ];
    this.#child = spawn(process.execPath, [...flags, runtimeProgram(), settings.functionName], {
      env: variables,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // Ctrl-C in a terminal reaches every process of the group: a handler that runs may end first.
      detached: true,
      windowsHide: true,
    });
    const { stdout, stderr, stdio } = this.#child;
    const [, , , connection] = stdio;
    if (!(connection instanceof Duplex) || !stdout || !stderr) {
      throw new TypeError('The process of an environment has no connection');
    }
    this.#connection = connection;
    this.#listen(listener);
    readLines(stdout, (line) => listener.onLine(line));
    readLines(stderr, (line) => {
      this.#outOfMemory ||= OUT_OF_MEMORY.test(line);
      listener.onLine(line);
    });
    this.#child.once('exit', () => this.#signalGroup('SIGKILL'));
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        listener.onExit(error.message, null);
        resolve();
      });
      this.#child.once('close', (code, signal) => {
        listener.onExit(this.#causeOf(code, signal), code);
        resolve();
      });
    });
    this.#connection.write(encodeFrame(settings));
  }

  invoke(request: InvokeRequest, event: string): void {
    this.#connection.write(encodeFrame(request, event));
  }

  /** Sends a signal to the process and to everything that it started. */
  signal(signal: NodeJS.Signals): void {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    if (process.platform === 'win32') this.#child.kill(signal);
    else this.#signalGroup(signal);
  }

  /** Ends the process, whatever it does. */
  async end(): Promise<void> {
    this.signal('SIGKILL');
    await this.#exited;
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || process.platform === 'win32') return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // Nothing of the group lives any more.
      if (!hasCode(error, 'ESRCH')) throw error;
    }
  }

  #listen(listener: ProcessListener): void {
    const reader = new FrameReader();
    this.#connection.on('data', (piece: Buffer) => {
      reader.add(piece);
      for (let frame = reader.next(); frame; frame = reader.next()) {
        listener.onReport(environmentReport.parse(frame.header), frame.text);
      }
    });
    // A write that meets a process which has ended; its exit is told by itself.
    this.#connection.on('error', () => {});
  }

  #causeOf(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.#outOfMemory) return 'signal: killed';
    if (signal === null) return `exit status ${code}`;
    return `signal: ${SIGNALS[signal] ?? signal}`;
  }
}

/** By its code alone, since an error of Node's own may be of another realm. */
const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;

/** Signals as Lambda's log names them. */
const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let unfinished = '';
  stream.on('data', (piece: Buffer) => {
    const lines = (unfinished + decoder.write(piece)).split('\n');
    unfinished = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (unfinished !== '') onLine(unfinished);
  });
}
