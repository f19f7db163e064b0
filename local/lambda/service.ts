import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { availableParallelism } from 'node:os';
import type { AwsRequest, AwsService } from '../endpoint/aws-request.ts';
import type { LocalContext } from '../context/local-context.ts';
import type { QueueDirectory } from '../sqs/queue.ts';
import { AsynchronousInvocations } from './asynchronous/asynchronous-invocations.ts';
import { Destinations, type DestinationTargets } from './asynchronous/destinations.ts';
import { checkVariables } from './environments/environment-variables.ts';
import type { ExecutionEnvironment } from './environments/execution-environment.ts';
import { StartGate } from './environments/environment-pool.ts';
import { FunctionNotFoundError } from './errors.ts';
import type { FunctionConfiguration } from './model/function-configuration.ts';
import {
  EVENT_LIMIT_BYTES,
  REQUEST_LIMIT_BYTES,
  requireSize,
  type FunctionDirectory,
  type FunctionInvoker,
  type FunctionLimits,
  type Invocation,
  type InvocationResult,
} from './model/function-invoker.ts';
import { LambdaFunction } from './model/lambda-function.ts';
import { LambdaApi, type EventSourceMappingDescription } from './requests.ts';

export interface LambdaTargets {
  queues: QueueDirectory;
  /** Needed when a function's destination or dead-letter target is a topic. */
  publishToTopic?: DestinationTargets['publishToTopic'];
  /** Read by ListEventSourceMappings and GetEventSourceMapping. */
  eventSourceMappings?: (() => readonly EventSourceMappingDescription[]) | undefined;
}

export interface LambdaOptions {
  /** Environments of a function without reserved concurrency; an account's 1,000 do not fit here. */
  concurrencyPerFunction?: number;
  /** How long an environment stands idle before it ends: 1 unless set, to leave memory free. */
  idleMinutes?: number;
  /** The same for an environment beside others of its function that stand idle: 20 unless set. */
  surplusIdleSeconds?: number;
  /** How long `close` waits for events that run: 10 seconds unless set. */
  patienceMs?: number;
  /** The wait before the second and the third attempt of an asynchronous event: [60, 120] on AWS. */
  retryDelaySeconds?: readonly number[];
  /**
   * Keeps compiled code in this folder, so that later environments load a bundle in about two
   * thirds of the time. Nothing is kept without it.
   */
  compileCacheFolder?: string | undefined;
  /** Called with what should never happen; it is thrown at the process otherwise. */
  onError?: (error: unknown) => void;
}

const throwAtProcess = (error: unknown): void => {
  queueMicrotask(() => {
    throw error;
  });
};

/**
 * Lambda on this machine: functions run from their packages in execution environments of their own,
 * invoked over HTTP as on AWS or directly by the other emulated services.
 */
export class LambdaService implements AwsService, FunctionInvoker, FunctionDirectory {
  readonly #context: LocalContext;
  readonly #functions = new Map<string, LambdaFunction>();
  readonly #gate = new StartGate(Math.max(2, availableParallelism() - 1));
  readonly #asynchronous: AsynchronousInvocations;
  readonly #destinations: Destinations;
  readonly #api: LambdaApi;
  readonly #concurrency: number;
  readonly #idleMs: number;
  readonly #surplusIdleMs: number;
  readonly #patienceMs: number;
  readonly #compileCacheFolder: string | undefined;

  constructor(context: LocalContext, targets: LambdaTargets, options: LambdaOptions = {}) {
    this.#context = context;
    this.#concurrency = options.concurrencyPerFunction ?? 10;
    this.#compileCacheFolder = options.compileCacheFolder;
    this.#idleMs = (options.idleMinutes ?? 1) * 60_000;
    this.#surplusIdleMs = (options.surplusIdleSeconds ?? 20) * 1000;
    this.#patienceMs = options.patienceMs ?? 10_000;
    this.#destinations = new Destinations(context, {
      queues: targets.queues,
      publishToTopic: targets.publishToTopic,
      invokeAsync: (invocation) => this.invokeAsync(invocation),
    });
    this.#asynchronous = new AsynchronousInvocations(context, {
      retryDelaySeconds: options.retryDelaySeconds ?? [60, 120],
      run: (requestId, invocation) => this.#named(invocation).run(requestId, invocation),
      configurationOf: (functionName) => this.#functions.get(functionName)?.configuration,
      destinations: this.#destinations,
      onError: options.onError ?? throwAtProcess,
    });
    this.#api = new LambdaApi(context, this, targets.eventSourceMappings ?? (() => []));
  }

  /**
   * Adds a function; it starts its first environment with its first event.
   *
   * @throws DestinationError, ReservedVariableError
   */
  ensureFunction(configuration: FunctionConfiguration): void {
    this.#destinations.check(configuration);
    checkVariables(configuration);
    const { functionName } = configuration;
    const options = {
      gate: this.#gate,
      concurrency: this.#concurrency,
      idleMs: this.#idleMs,
      surplusIdleMs: this.#surplusIdleMs,
      compileCacheFolder: this.#compileCacheFolder,
    };
    const replaced = this.#functions.get(functionName);
    this.#functions.set(functionName, new LambdaFunction(this.#context, configuration, options));
    if (replaced) void replaced.close(0);
    this.#asynchronous.functionAdded(functionName);
  }

  /**
   * Lets every later event run the code in `codeFolder`. Code that can't be loaded shows with the
   * next event.
   *
   * @throws FunctionNotFoundError
   */
  replaceCode(functionName: string, codeFolder: string): Promise<void> {
    return this.#named({ functionName }).replaceCode(codeFolder);
  }

  functionExists(functionName: string): boolean {
    return this.#functions.has(functionName);
  }

  limitsOf(functionName: string): FunctionLimits | undefined {
    const lambdaFunction = this.#functions.get(functionName);
    return (
      lambdaFunction && {
        timeoutSeconds: lambdaFunction.configuration.timeoutSeconds,
        concurrency: lambdaFunction.concurrency,
      }
    );
  }

  /**
   * The environments of a function that live, oldest first: each can be killed, frozen and thawed.
   *
   * @throws FunctionNotFoundError
   */
  environmentsOf(functionName: string): ExecutionEnvironment[] {
    return this.#named({ functionName }).environments();
  }

  /** Every function, in the order of their names. */
  configurations(): FunctionConfiguration[] {
    return [...this.#functions.values()]
      .map(({ configuration }) => configuration)
      .toSorted((left, right) => (left.functionName < right.functionName ? -1 : 1));
  }

  async invoke(invocation: Invocation): Promise<InvocationResult> {
    const lambdaFunction = this.#named(invocation);
    requireSize(invocation.payload, REQUEST_LIMIT_BYTES, 'InvokeFunction');
    return lambdaFunction.run(randomUUID(), invocation);
  }

  async invokeAsync(invocation: Invocation): Promise<{ requestId: string }> {
    this.#named(invocation);
    requireSize(invocation.payload, EVENT_LIMIT_BYTES, 'InvokeAsync');
    const requestId = randomUUID();
    await this.#asynchronous.accept(requestId, invocation);
    return { requestId };
  }

  handle(request: AwsRequest, response: ServerResponse): Promise<void> {
    return this.#api.handle(request, response);
  }

  /**
   * Takes no further event and lets those that run end, each within its function's timeout and all
   * within ten seconds; asynchronous events that are left stay in storage.
   */
  async close(): Promise<void> {
    await this.#asynchronous.close();
    await Promise.all([...this.#functions.values()].map((one) => one.close(this.#patienceMs)));
  }

  /** @throws FunctionNotFoundError */
  #named({ functionName }: { functionName: string }): LambdaFunction {
    const lambdaFunction = this.#functions.get(functionName);
    if (!lambdaFunction) throw new FunctionNotFoundError(functionName);
    return lambdaFunction;
  }
}
