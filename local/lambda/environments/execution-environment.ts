import { randomBytes } from 'node:crypto';
import type { LocalContext } from '../../context/local-context.ts';
import {
  functionArn,
  logGroupOf,
  runtimeOf,
  type FunctionConfiguration,
} from '../model/function-configuration.ts';
import type { EnvironmentReport, ErrorReport } from '../runtime/protocol.ts';
import { isDebugged, releaseDebugPort, takeDebugPort } from './debugging.ts';
import { EnvironmentProcess } from './environment-process.ts';
import { environmentVariables } from './environment-variables.ts';

/** What Lambda gives a cold start before it starts again at the function's own expense. */
const INIT_LIMIT_MS = 10_000;

/** How one event ended in an environment. */
export type Outcome = {
  durationMs: number;
  /** Only of the first event of an environment. */
  initDurationMs: number | undefined;
  heapBytes: number;
  lines: string[];
} & ({ status: 'completed'; payload: string } | { status: 'failed'; error: ErrorReport });

export interface EventToRun {
  requestId: string;
  /** The event as JSON text. */
  payload: string;
  clientContext?: unknown;
}

interface Run {
  requestId: string;
  startedAt: number;
  lines: string[];
  initDurationMs: number | undefined;
  cancelTimeout: () => void;
  settle: (outcome: Outcome) => void;
}

type Phase = 'starting' | 'start-timed-out' | 'ready' | 'ended';

export interface EnvironmentListener {
  onLine(line: string, requestId: string | undefined): void;
  /** Once, when the environment can take no further event. */
  onEnded(environment: ExecutionEnvironment): void;
}

/**
 * One execution environment of a function: a process that runs one event at a time and is frozen in
 * between. It ends by a timeout, when its process exits or runs out of memory, when its handler
 * can't be loaded, or when it is told to. A start that takes longer than ten seconds is given up and
 * made once more with the first event, within the function's timeout.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export class ExecutionEnvironment {
  readonly id = randomBytes(16).toString('hex');
  readonly logStreamName: string;
  /** Resolves when the handler is loaded or can't be; it never rejects. */
  readonly initialized: Promise<void>;
  readonly #context: LocalContext;
  readonly #configuration: FunctionConfiguration;
  readonly #listener: EnvironmentListener;
  readonly #compileCacheFolder: string | undefined;
  readonly #createdAt = performance.now();
  readonly #initLines: string[] = [];
  #process: EnvironmentProcess;
  #debugPort: number | undefined;
  #cancelInitTimeout: () => void = () => {};
  #endInit: () => void = () => {};
  #initDurationMs: number | undefined;
  #initError: ErrorReport | undefined;
  #current: Run | undefined;
  #phase: Phase = 'starting';
  #runs = 0;

  constructor(
    context: LocalContext,
    configuration: FunctionConfiguration,
    listener: EnvironmentListener,
    compileCacheFolder?: string,
  ) {
    this.#context = context;
    this.#configuration = configuration;
    this.#listener = listener;
    this.#compileCacheFolder = compileCacheFolder;
    const day = new Date(context.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    this.logStreamName = `${day}/[$LATEST]${this.id}`;
    this.initialized = new Promise((resolve) => {
      this.#endInit = resolve;
    });
    this.#process = this.#startProcess();
    if (!isDebugged()) {
      this.#cancelInitTimeout = context.clock.schedule(INIT_LIMIT_MS, () => this.#startTimedOut());
    }
  }

  get ended(): boolean {
    return this.#phase === 'ended';
  }

  /** True until the first event is run. */
  get fresh(): boolean {
    return this.#runs === 0;
  }

  /** Runs one event; the caller sees to it that there is never a second one at the same time. */
  async run(event: EventToRun): Promise<Outcome> {
    await this.initialized;
    const startedAt = performance.now();
    const timeoutMs = this.#configuration.timeoutSeconds * 1000;
    const untimed = isDebugged();
    const deadline = untimed ? undefined : Date.now() + timeoutMs;
    const outcome = new Promise<Outcome>((settle) => {
      this.#current = {
        requestId: event.requestId,
        startedAt,
        lines: this.#initLines.splice(0),
        initDurationMs: this.#runs++ === 0 ? this.#initDurationMs : undefined,
        settle,
        cancelTimeout: untimed
          ? () => {}
          : this.#context.clock.schedule(timeoutMs, () => this.#timedOut(timeoutMs)),
      };
    });
    if (this.#phase === 'start-timed-out') await this.#startAgain();
    if (this.#phase === 'ready') {
      const { requestId, clientContext } = event;
      this.#process.invoke({ requestId, deadline, clientContext }, event.payload);
    } else {
      const error = this.#initError ?? exitReport('the environment has ended');
      this.#settle({ status: 'failed', error }, 0);
    }
    return outcome;
  }

  /** Ends the process, whatever it does. */
  async end(): Promise<void> {
    this.#lost(exitReport('the environment was ended'));
    await this.#process.end();
  }

  /** Ends the process as a crash of the machine below it would; its event fails. */
  kill(): void {
    this.#process.signal('SIGKILL');
  }

  /** Stops the process until `thaw`, whatever it does; time goes on. */
  freeze(): void {
    this.#process.signal('SIGSTOP');
  }

  thaw(): void {
    this.#process.signal('SIGCONT');
  }

  #startProcess(): EnvironmentProcess {
    const { functionName, handler, codeFolder, memoryMb } = this.#configuration;
    this.#debugPort ??= takeDebugPort();
    const started: EnvironmentProcess = new EnvironmentProcess(
      {
        codeFolder,
        handler,
        nodeVersion: runtimeOf(this.#configuration).version,
        functionName,
        memoryMb,
        invokedFunctionArn: functionArn(this.#context, functionName),
        logGroupName: logGroupOf(this.#configuration),
        logStreamName: this.logStreamName,
        compileCacheFolder: this.#compileCacheFolder,
      },
      {
        variables: environmentVariables(this.#context, this.#configuration, {
          environmentId: this.id,
          logStreamName: this.logStreamName,
        }),
        debugPort: this.#debugPort,
        listener: {
          onReport: (report, text) => {
            if (started === this.#process) this.#onReport(report, text);
          },
          onLine: (line) => this.#onLine(line, this.#current?.requestId),
          onExit: (cause, exitCode) => {
            if (started !== this.#process || this.#phase === 'start-timed-out') return;
            this.#lost(exitReport(cause, exitCode));
          },
        },
      },
    );
    return started;
  }

  #startTimedOut(): void {
    if (this.#phase !== 'starting') return;
    this.#phase = 'start-timed-out';
    this.#initDurationMs = performance.now() - this.#createdAt;
    this.#onLine(
      `INIT_REPORT Init Duration: ${this.#initDurationMs.toFixed(2)} ms\tPhase: init\tStatus: timeout`,
      undefined,
    );
    this.#process.signal('SIGKILL');
    this.#endInit();
  }

  /** Resolves when the handler is loaded at last, or the environment has ended. */
  #startAgain(): Promise<void> {
    this.#phase = 'starting';
    return new Promise((resolve) => {
      this.#endInit = resolve;
      this.#process = this.#startProcess();
    });
  }

  #onReport(report: EnvironmentReport, text: string): void {
    if (this.#phase === 'ended') return;
    switch (report.type) {
      case 'ready':
        this.#cancelInitTimeout();
        this.#phase = 'ready';
        this.#initDurationMs ??= performance.now() - this.#createdAt;
        this.#endInit();
        break;
      case 'init-failed':
        this.#lost(report.error);
        break;
      case 'logged':
        this.#onLine(report.line, report.requestId);
        break;
      case 'completed':
        this.#settle({ status: 'completed', payload: text }, report.heapBytes);
        break;
      case 'failed':
        this.#settle({ status: 'failed', error: report.error }, report.heapBytes);
        if (report.fatal) this.#lost(report.error);
        break;
    }
  }

  #onLine(line: string, requestId: string | undefined): void {
    if (this.#current) this.#current.lines.push(line);
    else if (this.fresh) this.#initLines.push(line);
    this.#listener.onLine(line, requestId ?? this.#current?.requestId);
  }

  #settle(
    end: { status: 'completed'; payload: string } | { status: 'failed'; error: ErrorReport },
    heapBytes: number,
  ): void {
    const run = this.#current;
    if (run === undefined) return;
    this.#current = undefined;
    run.cancelTimeout();
    run.settle({
      ...end,
      durationMs: performance.now() - run.startedAt,
      initDurationMs: run.initDurationMs,
      heapBytes,
      lines: run.lines,
    });
  }

  #timedOut(timeoutMs: number): void {
    const at = new Date(this.#context.clock.now()).toISOString();
    const seconds = (timeoutMs / 1000).toFixed(2);
    this.#lost({
      errorType: 'Sandbox.Timedout',
      errorMessage: `${at} ${this.#current?.requestId} Task timed out after ${seconds} seconds`,
    });
    void this.end();
  }

  /** The environment is gone: fails its event, or its start, with `error`. */
  #lost(error: ErrorReport): void {
    if (this.#phase === 'ended') return;
    const wasReady = this.#phase === 'ready';
    this.#phase = 'ended';
    this.#cancelInitTimeout();
    releaseDebugPort(this.#debugPort);
    this.#initDurationMs ??= performance.now() - this.#createdAt;
    if (!wasReady) this.#initError = error;
    const requestId = this.#current?.requestId;
    const worded =
      error.errorType === 'Runtime.ExitError' && requestId !== undefined
        ? { ...error, errorMessage: `RequestId: ${requestId} Error: ${error.errorMessage}` }
        : error;
    this.#settle({ status: 'failed', error: worded }, 0);
    this.#endInit();
    this.#listener.onEnded(this);
  }
}

function exitReport(cause: string, exitCode?: number | null): ErrorReport {
  return {
    errorType: 'Runtime.ExitError',
    errorMessage:
      exitCode === 0
        ? 'Runtime exited without providing a reason'
        : `Runtime exited with error: ${cause}`,
  };
}
