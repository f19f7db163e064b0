import { createHash } from 'node:crypto';
import { functionArn } from '../lambda/model/function-configuration.ts';
import type { EventSourceMappingDescription } from '../lambda/requests.ts';
import type { FunctionDirectory, FunctionInvoker } from '../lambda/model/function-invoker.ts';
import type { LocalContext } from '../context/local-context.ts';
import type { QueueDirectory } from '../sqs/queue.ts';
import { MappingNotFoundError, refused } from './errors.ts';
import {
  settingsOf,
  type EventSourceMappingConfiguration,
  type MappingSettings,
} from './model/mapping-configuration.ts';
import { SqsEventSource } from './sqs/sqs-event-source.ts';

export interface EventSourceMappingsOptions {
  /** True to take mappings without starting any: nothing is received until `resume`. */
  startPaused?: boolean;
  /** How long `pause` and `close` wait for handlers that run. */
  patienceMs?: number;
  /** Called with what should never happen. */
  onError: (error: unknown) => void;
}

interface Mapping {
  settings: MappingSettings;
  source: SqsEventSource;
  description: Omit<EventSourceMappingDescription, 'State'>;
}

/** The event source mappings of this system: which queue feeds which function. */
export class EventSourceMappings {
  readonly #context: LocalContext;
  readonly #targets: { queues: QueueDirectory; functions: FunctionInvoker & FunctionDirectory };
  readonly #options: EventSourceMappingsOptions;
  readonly #mappings = new Map<string, Mapping>();

  constructor(
    context: LocalContext,
    targets: { queues: QueueDirectory; functions: FunctionInvoker & FunctionDirectory },
    options: EventSourceMappingsOptions,
  ) {
    this.#context = context;
    this.#targets = targets;
    this.#options = options;
  }

  /**
   * Makes a mapping, or gives the one of the same queue and function another configuration.
   *
   * @throws AwsError InvalidParameterValueException, ValidationException as
   *   CreateEventSourceMapping does
   */
  async ensureMapping(configuration: EventSourceMappingConfiguration): Promise<{ uuid: string }> {
    const { functionName, eventSourceArn } = configuration;
    const queue = this.#targets.queues.queueByArn(eventSourceArn);
    if (!queue) {
      throw refused(
        'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
      );
    }
    const limits = this.#targets.functions.limitsOf(functionName);
    if (!limits) throw refused(`Function does not exist: ${functionName}`);
    const settings = settingsOf(configuration, queue, limits);
    const source = new SqsEventSource({
      context: this.#context,
      queues: this.#targets.queues,
      functions: this.#targets.functions,
      settings,
      // A batch that waits for an environment would only use up its visibility timeout.
      concurrency: Math.max(
        1,
        Math.min(settings.maximumConcurrency ?? Infinity, limits.concurrency),
      ),
      patienceMs: this.#options.patienceMs ?? 10_000,
      onError: this.#options.onError,
    });
    const uuid = uuidOf(`${functionName} ${eventSourceArn}`);
    await this.#mappings.get(uuid)?.source.pause();
    const description = this.#describe(uuid, configuration, settings);
    this.#mappings.set(uuid, { settings, source, description });
    if (settings.enabled && !this.#options.startPaused) source.resume();
    return { uuid };
  }

  /** The ids of the mappings of a function. */
  ofFunction(functionName: string): string[] {
    return [...this.#mappings]
      .filter(([, { settings }]) => settings.functionName === functionName)
      .map(([uuid]) => uuid);
  }

  /**
   * Stops receiving; resolves when no batch of the mapping runs any more.
   *
   * @throws MappingNotFoundError
   */
  pause(uuid: string): Promise<void> {
    return this.#named(uuid).source.pause();
  }

  /** @throws MappingNotFoundError */
  resume(uuid: string): void {
    this.#named(uuid).source.resume();
  }

  /** Every mapping as Lambda's API shows it. */
  descriptions(): EventSourceMappingDescription[] {
    return [...this.#mappings.values()].map(({ description, source }) => ({
      ...description,
      State: source.polls ? 'Enabled' : 'Disabled',
    }));
  }

  /** What keeps enabled mappings from reading their queues, in a sentence each. */
  problems(): string[] {
    return [...this.#mappings.values()].flatMap(({ settings, source }) =>
      source.problem === undefined
        ? []
        : [`The event source mapping of ${settings.functionName} ${source.problem}`],
    );
  }

  /** Pauses every mapping. */
  async close(): Promise<void> {
    await Promise.all([...this.#mappings.values()].map(({ source }) => source.pause()));
  }

  #describe(
    uuid: string,
    configuration: EventSourceMappingConfiguration,
    settings: MappingSettings,
  ): Omit<EventSourceMappingDescription, 'State'> {
    const { region, accountId, clock } = this.#context;
    const { maximumConcurrency, filterPatterns } = settings;
    return {
      UUID: uuid,
      BatchSize: settings.batchSize,
      MaximumBatchingWindowInSeconds: settings.windowSeconds,
      EventSourceArn: configuration.eventSourceArn,
      EventSourceMappingArn: `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${uuid}`,
      FunctionArn: functionArn(this.#context, settings.functionName),
      LastModified: clock.now() / 1000,
      StateTransitionReason: 'USER_INITIATED',
      FunctionResponseTypes: [...(configuration.functionResponseTypes ?? [])],
      ...(maximumConcurrency === undefined
        ? {}
        : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
      ...(filterPatterns.length === 0
        ? {}
        : { FilterCriteria: { Filters: filterPatterns.map((Pattern) => ({ Pattern })) } }),
    };
  }

  #named(uuid: string): Mapping {
    const mapping = this.#mappings.get(uuid);
    if (!mapping) throw new MappingNotFoundError(`There is no event source mapping ${uuid}`);
    return mapping;
  }
}

/** The same mapping keeps its id from one run to the next. */
function uuidOf(identity: string): string {
  const digits = createHash('sha256').update(identity).digest('hex');
  const lengths = [8, 4, 4, 4, 12];
  let start = 0;
  return lengths.map((length) => digits.slice(start, (start += length))).join('-');
}
