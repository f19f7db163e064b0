import type { LocalContext } from '../../context/local-context.ts';
import { EnvironmentPool, type StartGate } from '../environments/environment-pool.ts';
import type { ErrorReport } from '../runtime/protocol.ts';
import {
  ExecutionEnvironment,
  type EnvironmentListener,
  type Outcome,
} from '../environments/execution-environment.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import {
  RESPONSE_LIMIT_BYTES,
  type Invocation,
  type InvocationResult,
} from './function-invoker.ts';

/** One function: its configuration, its environments, and what it tells of its runs. */
export class LambdaFunction {
  readonly #context: LocalContext;
  readonly #pool: EnvironmentPool;
  readonly #concurrency: number;
  readonly #compileCacheFolder: string | undefined;
  #configuration: FunctionConfiguration;

  constructor(
    context: LocalContext,
    configuration: FunctionConfiguration,
    options: {
      gate: StartGate;
      concurrency: number;
      idleMs: number;
      surplusIdleMs: number;
      compileCacheFolder: string | undefined;
    },
  ) {
    this.#context = context;
    this.#configuration = configuration;
    this.#compileCacheFolder = options.compileCacheFolder;
    this.#concurrency = configuration.reservedConcurrency ?? options.concurrency;
    this.#pool = new EnvironmentPool({
      functionName: configuration.functionName,
      clock: context.clock,
      gate: options.gate,
      limit: this.#concurrency,
      idleMs: options.idleMs,
      surplusIdleMs: options.surplusIdleMs,
      create: () => this.#createEnvironment(),
    });
  }

  get configuration(): FunctionConfiguration {
    return this.#configuration;
  }

  get concurrency(): number {
    return this.#concurrency;
  }

  /** @throws ThrottledError */
  async run(requestId: string, invocation: Invocation): Promise<InvocationResult> {
    const environment = await this.#pool.acquire(
      invocation.waitForEnvironmentMs,
      invocation.signal,
    );
    const { functionName } = this.#configuration;
    const subjects = invocation.subjects ?? [];
    this.#context.activity.record({
      type: 'function-invoked',
      functionName,
      requestId,
      environmentId: environment.id,
      coldStart: environment.fresh,
      source: invocation.source,
      subjects,
    });
    const outcome = bounded(
      await environment.run({
        requestId,
        payload: invocation.payload,
        clientContext: invocation.clientContext,
      }),
    );
    this.#pool.release(environment);
    const ended = { functionName, requestId, durationMs: rounded(outcome.durationMs), subjects };
    if (outcome.status === 'completed') {
      this.#context.activity.record({ type: 'function-completed', ...ended });
    } else {
      const { errorType, errorMessage } = outcome.error;
      this.#context.activity.record({
        type: 'function-failed',
        ...ended,
        errorType,
        errorMessage,
      });
    }
    return {
      requestId,
      statusCode: 200,
      functionError: outcome.status === 'failed' ? 'Unhandled' : undefined,
      payload: outcome.status === 'failed' ? JSON.stringify(outcome.error) : outcome.payload,
      logs: invocationLog(requestId, this.#configuration, outcome),
    };
  }

  /** Later events run the code in `codeFolder`; a running one ends with the code it started with. */
  async replaceCode(codeFolder: string): Promise<void> {
    this.#configuration = { ...this.#configuration, codeFolder };
    await this.#pool.recycle();
  }

  /** The environments that live, in the order of their start. */
  environments(): ExecutionEnvironment[] {
    return this.#pool.environments();
  }

  /** Lets the events that run end within `patienceMs`, then ends every environment. */
  close(patienceMs: number): Promise<void> {
    return this.#pool.close(patienceMs);
  }

  #createEnvironment(): ExecutionEnvironment {
    const { functionName } = this.#configuration;
    const listener: EnvironmentListener = {
      onLine: (line, requestId) =>
        this.#context.activity.record({ type: 'function-logged', functionName, requestId, line }),
      onEnded: (environment) => this.#pool.forget(environment),
    };
    return new ExecutionEnvironment(
      this.#context,
      this.#configuration,
      listener,
      this.#compileCacheFolder,
    );
  }
}

const rounded = (milliseconds: number): number => Math.round(milliseconds * 100) / 100;

function bounded(outcome: Outcome): Outcome {
  if (outcome.status === 'failed') return outcome;
  // A UTF-16 code unit takes at most three bytes, so most answers need no count.
  const { payload, ...rest } = outcome;
  if (payload.length * 3 <= RESPONSE_LIMIT_BYTES) return outcome;
  if (Buffer.byteLength(payload) <= RESPONSE_LIMIT_BYTES) return outcome;
  const error: ErrorReport = {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT_BYTES} bytes).`,
  };
  return { ...rest, status: 'failed', error };
}

/**
 * The log of one invocation: the function's lines between the ones that Lambda itself writes.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
 */
function invocationLog(
  requestId: string,
  { memoryMb, loggingConfig }: FunctionConfiguration,
  outcome: Outcome,
): string[] {
  const { durationMs, initDurationMs, heapBytes, lines } = outcome;
  const billedMs = Math.ceil(durationMs + (initDurationMs ?? 0));
  const usedMb = Math.ceil(heapBytes / 1024 / 1024);
  if (loggingConfig?.logFormat === 'JSON') {
    if (loggingConfig.systemLogLevel === 'WARN') return lines;
    const time = new Date().toISOString();
    const metrics = {
      durationMs: rounded(durationMs),
      billedDurationMs: billedMs,
      memorySizeMB: memoryMb,
      maxMemoryUsedMB: usedMb,
      ...(initDurationMs === undefined ? {} : { initDurationMs: rounded(initDurationMs) }),
    };
    const status = outcome.status === 'completed' ? 'success' : 'error';
    return [
      platformLine(time, 'platform.start', { requestId, version: '$LATEST' }),
      ...lines,
      platformLine(time, 'platform.report', { requestId, metrics, status }),
    ];
  }
  const report = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${usedMb} MB`,
    ...(initDurationMs === undefined ? [] : [`Init Duration: ${initDurationMs.toFixed(2)} ms`]),
  ].join('\t');
  const failure =
    outcome.status === 'failed' && /^(Sandbox|Runtime)\./.test(outcome.error.errorType)
      ? [outcome.error.errorMessage]
      : [];
  return [
    `START RequestId: ${requestId} Version: $LATEST`,
    ...lines,
    ...failure,
    `END RequestId: ${requestId}`,
    report,
  ];
}

const platformLine = (time: string, type: string, record: object): string =>
  JSON.stringify({ time, type, record });
