import { AwsError } from '../../endpoint/aws-error.ts';
import { ThrottledError } from '../../lambda/errors.ts';
import type { FunctionInvoker, InvocationResult } from '../../lambda/model/function-invoker.ts';
import type { LocalContext } from '../../context/local-context.ts';
import { settledWithin } from '../../lambda/model/settled-within.ts';
import type { Queue, QueueDirectory, ReceivedMessage } from '../../sqs/queue.ts';
import { collectBatch } from './batch-collector.ts';
import type { MappingSettings } from '../model/mapping-configuration.ts';
import { MessageFilter } from './message-filter.ts';
import { PollerConcurrency } from './poller-concurrency.ts';
import { eventOf, failedIdsOf, splitBySize, type EventRecord } from './sqs-event.ts';

export interface SqsEventSourceOptions {
  context: LocalContext;
  queues: QueueDirectory;
  functions: FunctionInvoker;
  settings: MappingSettings;
  /** Batches at a time at most: what the mapping and the function allow. */
  concurrency: number;
  /** How long `pause` waits for handlers that run. */
  patienceMs: number;
  onError: (error: unknown) => void;
}

interface ReceivedBatch {
  queue: Queue;
  batch: EventRecord[];
  receivedAt: number;
}

/** How long a mapping whose queue is gone waits before it looks for it again. */
const MISSING_QUEUE_RETRY_MS = 1_000;

/**
 * Feeds a function from a queue. One long poll waits at a time, and the next one starts as soon as
 * a batch is handed on, so an idle mapping costs nothing and a busy one runs as many batches at a
 * time as it may. The messages of a batch are deleted when the function succeeded with them;
 * the others stay hidden until their visibility timeout ends and come again. The queue is known by
 * its ARN: one that is deleted and created again is read on.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export class SqsEventSource {
  readonly #options: SqsEventSourceOptions;
  readonly #filter: MessageFilter;
  readonly #concurrency: PollerConcurrency;
  readonly #running = new Set<Promise<void>>();
  #polling: { stop: AbortController; ended: Promise<void> } | undefined;
  #problem: string | undefined;

  /** @throws AwsError InvalidParameterValueException for a filter pattern that is none */
  constructor(options: SqsEventSourceOptions) {
    this.#options = options;
    this.#filter = new MessageFilter(options.settings.filterPatterns);
    this.#concurrency = new PollerConcurrency(options.context.clock, options.concurrency);
  }

  get polls(): boolean {
    return this.#polling !== undefined;
  }

  /** Why no message is read, though the mapping is enabled. */
  get problem(): string | undefined {
    return this.#problem;
  }

  resume(): void {
    if (this.#polling) return;
    const stop = new AbortController();
    this.#problem = undefined;
    const ended = this.#poll(stop.signal).catch((error: unknown) => {
      this.#polling = undefined;
      this.#problem = `has stopped: ${error instanceof Error ? error.message : String(error)}`;
      this.#options.onError(error);
    });
    this.#polling = { stop, ended };
  }

  /**
   * Receives nothing more. What was received and not yet handed to the function goes back to the
   * queue at once; what the function has is awaited.
   */
  async pause(): Promise<void> {
    const polling = this.#polling;
    if (!polling) return;
    this.#polling = undefined;
    polling.stop.abort();
    await polling.ended;
    await settledWithin(this.#options.patienceMs, this.#running);
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { context, queues, settings } = this.#options;
    const { batchSize, windowSeconds, functionName, eventSourceArn } = settings;
    while (!signal.aborted) {
      await this.#concurrency.room(signal);
      const queue = queues.queueByArn(eventSourceArn);
      if (!queue) {
        this.#problem = `can't read ${eventSourceArn}: the queue does not exist`;
        await this.#pass(MISSING_QUEUE_RETRY_MS, signal);
        continue;
      }
      this.#problem = undefined;
      const { records, receivedAt } = await collectBatch(queue, {
        batchSize,
        windowSeconds,
        by: functionName,
        clock: context.clock,
        signal,
      });
      if (records.length === 0) {
        this.#concurrency.ranDry();
      } else if (signal.aborted) {
        await this.#giveBack(queue, records);
      } else {
        const wanted = await this.#withoutUnwanted(queue, records);
        for (const batch of splitBySize(wanted)) this.#start({ queue, batch, receivedAt }, signal);
      }
    }
  }

  /** Resolves after `delayMs`, or when `signal` aborts. */
  #pass(delayMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#options.context.clock.schedule(delayMs, () => {
        signal.removeEventListener('abort', leave);
        resolve();
      });
      const leave = (): void => {
        cancel();
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** A message that no filter pattern matches has been dealt with: it is deleted. */
  async #withoutUnwanted(queue: Queue, records: EventRecord[]): Promise<EventRecord[]> {
    const unwanted = records.filter(({ message }) => !this.#filter.accepts(message));
    if (unwanted.length === 0) return records;
    await Promise.all(unwanted.map(({ message }) => this.#delete(queue, message)));
    return records.filter((record) => !unwanted.includes(record));
  }

  #start(received: ReceivedBatch, signal: AbortSignal): void {
    this.#concurrency.take();
    const running = this.#process(received, signal)
      .catch(this.#options.onError)
      .finally(() => {
        this.#running.delete(running);
        this.#concurrency.leave();
      });
    this.#running.add(running);
  }

  async #process(received: ReceivedBatch, signal: AbortSignal): Promise<void> {
    const { context, functions, settings } = this.#options;
    const { queue, batch, receivedAt } = received;
    const messages = batch.map(({ message }) => message);
    const visibleAt = receivedAt + queue.visibilityTimeoutSeconds * 1000;
    let result: InvocationResult;
    try {
      result = await functions.invoke({
        functionName: settings.functionName,
        payload: eventOf(batch),
        source: `SQS ${queue.name}`,
        subjects: messages.flatMap(({ subject }) => subject ?? []),
        // Throttled, Lambda tries again for as long as the messages are hidden.
        waitForEnvironmentMs: Math.max(1, visibleAt - context.clock.monotonic()),
        signal,
      });
    } catch (error) {
      if (!(error instanceof ThrottledError)) throw error;
      if (signal.aborted) await this.#giveBack(queue, batch);
      this.#answered(queue, messages, new Set(messages.map(({ messageId }) => messageId)));
      return;
    }
    const failed = this.#failedOf(result, messages);
    await Promise.all(
      messages
        .filter(({ messageId }) => !failed.has(messageId))
        .map(async (message) => {
          // One that was handled too late is visible again: it will be handled again.
          if (!(await this.#delete(queue, message))) failed.add(message.messageId);
        }),
    );
    this.#answered(queue, messages, failed);
  }

  #failedOf(result: InvocationResult, messages: readonly ReceivedMessage[]): Set<string> {
    const messageIds = messages.map(({ messageId }) => messageId);
    if (result.functionError) return new Set(messageIds);
    return this.#options.settings.reportsItemFailures
      ? failedIdsOf(result.payload, messageIds)
      : new Set();
  }

  #answered(queue: Queue, messages: readonly ReceivedMessage[], failed: ReadonlySet<string>): void {
    const { context, settings } = this.#options;
    context.activity.record({
      type: 'batch-answered',
      functionName: settings.functionName,
      queue: queue.name,
      size: messages.length,
      failedMessageIds: [...failed],
    });
  }

  /** @returns false when the queue no longer takes the message's handle */
  async #delete(queue: Queue, { receiptHandle }: ReceivedMessage): Promise<boolean> {
    try {
      await queue.delete(receiptHandle);
      return true;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return false;
    }
  }

  async #giveBack(queue: Queue, records: readonly EventRecord[]): Promise<void> {
    await Promise.all(
      records.map(async ({ message }) => {
        try {
          await queue.changeVisibility(message.receiptHandle, 0);
        } catch (error) {
          // A handle that the queue refuses stands for a message that is back already.
          if (!(error instanceof AwsError)) throw error;
        }
      }),
    );
  }
}
