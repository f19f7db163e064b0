import * as z from 'zod';
import { DEDUPLICATION_SECONDS } from './limits.ts';

/** The first message that came with a deduplication id. */
export const deduplicationRecord = z.object({
  messageId: z.string(),
  sequenceNumber: z.string(),
  /** See `Clock.monotonic`. */
  acceptedAt: z.number(),
});
export type DeduplicationRecord = z.infer<typeof deduplicationRecord>;

/** Where the window is kept between runs. */
export interface DeduplicationStore {
  put(key: string, record: DeduplicationRecord): void;
  delete(key: string): void;
}

/**
 * The deduplication window of a FIFO queue: for five minutes after a message was accepted, others
 * with its deduplication id are accepted and not delivered, also after the first was deleted.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html
 */
export class DeduplicationWindow {
  readonly #store: DeduplicationStore;
  /** Oldest first, as records are only ever added. */
  readonly #records: Map<string, DeduplicationRecord>;

  constructor(store: DeduplicationStore, records: Iterable<[string, DeduplicationRecord]>) {
    this.#store = store;
    this.#records = new Map(
      [...records].toSorted(([, left], [, right]) => left.acceptedAt - right.acceptedAt),
    );
  }

  find(key: string, now: number): DeduplicationRecord | undefined {
    this.#forgetOld(now);
    return this.#records.get(key);
  }

  remember(key: string, record: DeduplicationRecord): void {
    this.#records.set(key, record);
    this.#store.put(key, record);
  }

  /** The highest sequence number in the window, for a queue that goes on after a restart. */
  get lastSequenceNumber(): string | undefined {
    let last: string | undefined;
    for (const { sequenceNumber } of this.#records.values()) {
      if (last === undefined || sequenceNumber > last) last = sequenceNumber;
    }
    return last;
  }

  clear(): void {
    for (const key of this.#records.keys()) this.#store.delete(key);
    this.#records.clear();
  }

  #forgetOld(now: number): void {
    const limit = now - DEDUPLICATION_SECONDS * 1000;
    for (const [key, { acceptedAt }] of this.#records) {
      if (acceptedAt > limit) return;
      this.#records.delete(key);
      this.#store.delete(key);
    }
  }
}
