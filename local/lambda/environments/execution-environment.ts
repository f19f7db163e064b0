import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { LocalContext } from '../../local-context.ts';
import type {
  EnvironmentReport,
  EnvironmentSettings,
  ErrorReport,
  InvokeRequest,
} from '../runtime/protocol.ts';
import { environmentVariables } from './environment-variables.ts';
import {
  functionArn,
  logGroupOf,
  type FunctionConfiguration,
} from '../model/function-configuration.ts';
import { runtimeProgram } from './runtime-program.ts';

/** What Lambda gives a cold start before it counts against the function's own timeout. */
const INIT_LIMIT_MS = 10_000;

/**
 * Half of what V8 would take. Under load every environment fills what it may have, so this bounds
 * the memory of the whole system; smaller still, and collecting garbage costs more than it saves.
 */
const YOUNG_GENERATION_MB = 24;

/** How one event ended in an environment. */
export type Outcome = {
  durationMs: number;
  /** Only of the first event of an environment. */
  initDurationMs: number | undefined;
  heapBytes: number;
  lines: string[];
} & ({ status: 'completed'; payload: string } | { status: 'failed'; error: ErrorReport });

interface Run {
  requestId: string;
  startedAt: number;
  lines: string[];
  initDurationMs: number | undefined;
  cancelTimeout: () => void;
  settle: (outcome: Outcome) => void;
}

export interface EnvironmentListener {
  onLine(line: string, requestId: string | undefined): void;
  /** Once, when the environment can take no further event. */
  onEnded(environment: ExecutionEnvironment): void;
}

/**
 * One execution environment of a function: a worker thread with its own module state and variables
 * that runs one event at a time. It ends by a timeout, when its process exits or runs out of memory,
 * when its handler can't be loaded, or when it is told to.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export class ExecutionEnvironment {
  readonly id: string;
  readonly logStreamName: string;
  /** Resolves when the handler is loaded or can't be; it never rejects. */
  readonly initialized: Promise<void>;
  readonly #context: LocalContext;
  readonly #configuration: FunctionConfiguration;
  readonly #listener: EnvironmentListener;
  readonly #compileCacheFolder: string | undefined;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #createdAt = performance.now();
  readonly #initLines: string[] = [];
  #cancelInitTimeout: () => void;
  #endInit: () => void = () => {};
  #initDurationMs: number | undefined;
  #initError: ErrorReport | undefined;
  #current: Run | undefined;
  #ended = false;
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
    this.id = randomBytes(16).toString('hex');
    const day = new Date(context.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    this.logStreamName = `${day}/[$LATEST]${this.id}`;
    this.initialized = new Promise((resolve) => {
      this.#endInit = resolve;
    });
    this.#worker = this.#startWorker();
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#lost(exitReport(`exit status ${code}`, code));
        resolve();
      });
    });
    this.#worker.on('message', (message: EnvironmentReport) => this.#onReport(message));
    this.#worker.on('error', (error) => this.#lost(exitReport(causeOf(error))));
    this.#cancelInitTimeout = context.clock.schedule(INIT_LIMIT_MS, () => {
      this.#lost(this.#timeoutReport(INIT_LIMIT_MS, 'init'));
      void this.end();
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** True until the first event is run. */
  get fresh(): boolean {
    return this.#runs === 0;
  }

  /** Runs one event; the caller sees to it that there is never a second one at the same time. */
  async run({ requestId, payload }: { requestId: string; payload: string }): Promise<Outcome> {
    await this.initialized;
    const lines = this.#initLines.splice(0);
    const initDurationMs = this.#runs++ === 0 ? this.#initDurationMs : undefined;
    if (this.#ended) {
      const error = this.#initError ?? exitReport('the environment has ended');
      return { status: 'failed', error, durationMs: 0, initDurationMs, heapBytes: 0, lines };
    }
    const timeoutMs = this.#configuration.timeoutSeconds * 1000;
    return new Promise((settle) => {
      this.#current = {
        requestId,
        startedAt: performance.now(),
        lines,
        initDurationMs,
        settle,
        cancelTimeout: this.#context.clock.schedule(timeoutMs, () => {
          this.#lost(this.#timeoutReport(timeoutMs, requestId));
          void this.end();
        }),
      };
      const request: InvokeRequest = { requestId, payload, deadline: Date.now() + timeoutMs };
      this.#worker.postMessage(request);
    });
  }

  /** Ends the worker, whatever it does. */
  async end(): Promise<void> {
    this.#lost(exitReport('the environment was ended'));
    await this.#worker.terminate();
    await this.#exited;
  }

  #startWorker(): Worker {
    const { functionName, handler, codeFolder, memoryMb } = this.#configuration;
    const settings: EnvironmentSettings = {
      codeFolder,
      handler,
      functionName,
      memoryMb,
      invokedFunctionArn: functionArn(this.#context, functionName),
      logGroupName: logGroupOf(this.#configuration),
      logStreamName: this.logStreamName,
      compileCacheFolder: this.#compileCacheFolder,
    };
    const worker = new Worker(runtimeProgram(), {
      eval: true,
      name: functionName,
      workerData: settings,
      env: environmentVariables(this.#context, this.#configuration, {
        environmentId: this.id,
        logStreamName: this.logStreamName,
      }),
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: memoryMb,
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
      },
    });
    // The runtime reports every line itself; what is left here is nothing anyone waits for.
    worker.stdout.resume();
    worker.stderr.resume();
    return worker;
  }

  #onReport(message: EnvironmentReport): void {
    if (this.#ended) return;
    switch (message.type) {
      case 'ready':
        this.#cancelInitTimeout();
        this.#initDurationMs = performance.now() - this.#createdAt;
        this.#endInit();
        break;
      case 'init-failed':
        this.#lost(message.error);
        void this.end();
        break;
      case 'logged':
        this.#onLine(message.line, message.requestId);
        break;
      case 'completed':
        this.#settle({ status: 'completed', payload: message.payload }, message.heapBytes);
        break;
      case 'failed':
        this.#settle({ status: 'failed', error: message.error }, message.heapBytes);
        if (message.fatal) this.#lost(message.error);
        break;
    }
  }

  #onLine(line: string, requestId: string | undefined): void {
    if (this.#initDurationMs === undefined) this.#initLines.push(line);
    else if (this.#current?.requestId === requestId) this.#current?.lines.push(line);
    this.#listener.onLine(line, requestId);
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

  /** The environment is gone: fails its event, or its start, with `error`. */
  #lost(error: ErrorReport): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelInitTimeout();
    if (this.#initDurationMs === undefined) {
      this.#initDurationMs = performance.now() - this.#createdAt;
      this.#initError = error;
    }
    const requestId = this.#current?.requestId;
    const worded =
      error.errorType === 'Runtime.ExitError' && requestId !== undefined
        ? { ...error, errorMessage: `RequestId: ${requestId} Error: ${error.errorMessage}` }
        : error;
    this.#settle({ status: 'failed', error: worded }, 0);
    this.#endInit();
    this.#listener.onEnded(this);
  }

  #timeoutReport(limitMs: number, requestId: string): ErrorReport {
    const at = new Date(this.#context.clock.now()).toISOString();
    const seconds = (limitMs / 1000).toFixed(2);
    return {
      errorType: 'Sandbox.Timedout',
      errorMessage: `${at} ${requestId} Task timed out after ${seconds} seconds`,
    };
  }
}

function exitReport(cause: string, exitCode?: number): ErrorReport {
  return {
    errorType: 'Runtime.ExitError',
    errorMessage:
      exitCode === 0
        ? 'Runtime exited without providing a reason'
        : `Runtime exited with error: ${cause}`,
  };
}

/** Why a worker failed; its errors may come from another realm, so their class tells nothing. */
function causeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const outOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  if (outOfMemory) return 'signal: killed';
  return 'message' in error ? String(error.message) : 'unknown';
}
