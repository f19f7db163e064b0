import type { LocalContext } from '../../context/local-context.ts';
import { settledWithin } from '../model/settled-within.ts';
import type { Collection } from '../../storage/storage.ts';
import { ThrottledError } from '../errors.ts';
import type { FunctionConfiguration } from '../model/function-configuration.ts';
import type { Invocation, InvocationResult } from '../model/function-invoker.ts';
import type { Destinations, FinalOutcome } from './destinations.ts';
import { storedEvent, type StoredEvent } from './asynchronous-event.ts';

const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 21_600;
const UNDELIVERED_RETRY_MS = 60_000;
/** How long `close` waits for events that run. */
const PATIENCE_MS = 5_000;

export interface AsynchronousOptions {
  /** The wait before the second and the third attempt, in seconds. */
  retryDelaySeconds: readonly number[];
  run: (requestId: string, invocation: Invocation) => Promise<InvocationResult>;
  configurationOf: (functionName: string) => FunctionConfiguration | undefined;
  destinations: Destinations;
  /** Called with what should never happen. */
  onError: (error: unknown) => void;
}

/**
 * Lambda's own queue of asynchronous events. An event is kept in storage until its function
 * succeeded or its destinations took it. A function that fails is run again after a minute and
 * after two more; an event that finds no free environment waits for one until it is too old, unless
 * its function may have none at all.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsynchronousInvocations {
  readonly #context: LocalContext;
  readonly #options: AsynchronousOptions;
  readonly #events: Collection<StoredEvent>;
  /** Events of functions that are not there yet: kept by an earlier run. */
  readonly #orphans = new Map<string, StoredEvent[]>();
  readonly #cancelDelays = new Set<() => void>();
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(context: LocalContext, options: AsynchronousOptions) {
    this.#context = context;
    this.#options = options;
    this.#events = context.storage.collection('lambda-events', (json) => storedEvent.parse(json));
    const now = context.clock.monotonic();
    for (const { value } of this.#events.load()) {
      const waiting = this.#orphans.get(value.functionName) ?? [];
      // It waits no longer than it was to, should the machine's clock be behind the last run's.
      const acceptedAt = Math.min(value.acceptedAt, now);
      const dueAt = Math.min(value.dueAt, now + value.waitMs);
      this.#orphans.set(value.functionName, [...waiting, { ...value, acceptedAt, dueAt }]);
    }
  }

  /** Resolves once the event is stored. */
  async accept(requestId: string, invocation: Invocation): Promise<void> {
    const now = this.#context.clock.monotonic();
    const event: StoredEvent = {
      requestId,
      functionName: invocation.functionName,
      payload: invocation.payload,
      source: invocation.source,
      subjects: invocation.subjects ?? [],
      acceptedAt: now,
      dueAt: now,
      waitMs: 0,
      attempts: 0,
    };
    this.#events.put(requestId, event);
    await this.#context.storage.flushed();
    this.#attempt(event);
  }

  /** Takes up the events that an earlier run left behind for this function. */
  functionAdded(functionName: string): void {
    const waiting = this.#orphans.get(functionName) ?? [];
    this.#orphans.delete(functionName);
    for (const event of waiting) this.#attemptAt(event, event.dueAt);
  }

  /**
   * Starts nothing more and waits a while for what runs. What is not done by then stays in storage.
   */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const cancel of this.#cancelDelays) cancel();
    this.#cancelDelays.clear();
    await settledWithin(PATIENCE_MS, this.#running);
  }

  #attemptAt(event: StoredEvent, dueAt: number): void {
    this.#after(dueAt - this.#context.clock.monotonic(), () => this.#attempt(event));
  }

  #after(delayMs: number, task: () => void): void {
    if (this.#closing.signal.aborted) return;
    const cancel = this.#context.clock.schedule(Math.max(0, delayMs), () => {
      this.#cancelDelays.delete(cancel);
      task();
    });
    this.#cancelDelays.add(cancel);
  }

  #attempt(event: StoredEvent): void {
    const running = this.#run(event)
      .catch(this.#options.onError)
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #run(event: StoredEvent): Promise<void> {
    if (this.#options.configurationOf(event.functionName)?.reservedConcurrency === 0) {
      await this.#finish(event, { condition: 'ZeroReservedConcurrency', result: undefined });
      return;
    }
    const ageLeft = this.#dropAt(event) - this.#context.clock.monotonic();
    if (ageLeft <= 0) {
      await this.#finish(event, { condition: 'EventAgeExceeded', result: undefined });
      return;
    }
    let result: InvocationResult;
    try {
      result = await this.#options.run(event.requestId, {
        ...event,
        waitForEnvironmentMs: ageLeft,
        signal: this.#closing.signal,
      });
    } catch (error) {
      if (!(error instanceof ThrottledError)) throw error;
      if (this.#closing.signal.aborted) return;
      await this.#finish(event, { condition: 'EventAgeExceeded', result: undefined });
      return;
    }
    // An environment that is ended because everything stops says nothing about the function.
    if (this.#closing.signal.aborted && result.functionError) return;
    const tried: StoredEvent = { ...event, attempts: event.attempts + 1 };
    if (!result.functionError) await this.#finish(tried, { condition: 'Success', result });
    else await this.#retryOrGiveUp(tried, result);
  }

  async #retryOrGiveUp(event: StoredEvent, result: InvocationResult): Promise<void> {
    const configuration = this.#options.configurationOf(event.functionName);
    const retries = configuration?.maximumRetryAttempts ?? DEFAULT_RETRIES;
    if (event.attempts > retries) {
      await this.#finish(event, { condition: 'RetriesExhausted', result });
      return;
    }
    const delays = this.#options.retryDelaySeconds;
    const delayMs = (delays[event.attempts - 1] ?? delays.at(-1) ?? 0) * 1000;
    const dueAt = this.#context.clock.monotonic() + delayMs;
    if (dueAt > this.#dropAt(event)) {
      await this.#finish(event, { condition: 'EventAgeExceeded', result });
      return;
    }
    const delayed = { ...event, dueAt, waitMs: delayMs };
    this.#events.put(event.requestId, delayed);
    this.#attemptAt(delayed, dueAt);
    this.#context.activity.record({
      type: 'invocation-retried',
      functionName: event.functionName,
      requestId: event.requestId,
      attempt: event.attempts + 1,
      delayMs,
    });
  }

  /** The event leaves storage only when its destinations have it. */
  async #finish(event: StoredEvent, outcome: FinalOutcome): Promise<void> {
    const { functionName, requestId } = event;
    const configuration = this.#options.configurationOf(functionName);
    try {
      if (configuration) {
        await this.#options.destinations.deliver(configuration, event, outcome);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const line = `The destination did not take event ${requestId}; trying again in a minute: ${reason}`;
      this.#context.activity.record({ type: 'function-logged', functionName, requestId, line });
      this.#after(UNDELIVERED_RETRY_MS, () => {
        this.#finish(event, outcome).catch(this.#options.onError);
      });
      return;
    }
    this.#events.delete(requestId);
    await this.#context.storage.flushed();
  }

  #dropAt(event: StoredEvent): number {
    const configuration = this.#options.configurationOf(event.functionName);
    const ageSeconds = configuration?.maximumEventAgeSeconds ?? DEFAULT_AGE_SECONDS;
    return event.acceptedAt + ageSeconds * 1000;
  }
}
