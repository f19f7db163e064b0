import * as z from 'zod';
import type { LocalContext } from '../../context/local-context.ts';
import type { Collection } from '../../storage/storage.ts';
import type { MessageInput } from './message.ts';
import type { TopicRecord } from './topic.ts';

const WINDOW_MS = 5 * 60 * 1000;

const acceptanceSchema = z.object({
  messageId: z.string(),
  sequenceNumber: z.string(),
  /** See `Clock.monotonic`. */
  expiresAt: z.number(),
});

type StoredAcceptance = z.infer<typeof acceptanceSchema>;

/** The first message with a deduplication id, which later ones repeat. */
export interface Acceptance extends StoredAcceptance {
  /** Settles as the first message's deliveries do. */
  delivered: Promise<void>;
}

/**
 * Recognises what a FIFO topic has accepted within the last five minutes.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html
 */
export class Deduplication {
  readonly #context: LocalContext;
  readonly #stored: Collection<StoredAcceptance>;
  /** In the order of expiry, since the window is the same for all. */
  readonly #accepted = new Map<string, Acceptance>();

  constructor(context: LocalContext) {
    this.#context = context;
    this.#stored = context.storage.collection('sns-deduplication', (json) =>
      acceptanceSchema.parse(json),
    );
    // No longer than a window from now, should the machine's clock be behind the last run's.
    const latest = context.clock.monotonic() + WINDOW_MS;
    for (const { key, value } of this.#stored.load()) {
      const expiresAt = Math.min(value.expiresAt, latest);
      this.#accepted.set(key, { ...value, expiresAt, delivered: Promise.resolve() });
    }
  }

  find(key: string): Acceptance | undefined {
    this.#dropExpired();
    return this.#accepted.get(key);
  }

  /**
   * Keeps an acceptance in memory at once and in storage when its deliveries are made: a publisher
   * whose request a crash cut short must be able to repeat it.
   */
  accept(key: string, acceptance: Omit<Acceptance, 'expiresAt'>): void {
    const { messageId, sequenceNumber, delivered } = acceptance;
    const stored = {
      messageId,
      sequenceNumber,
      expiresAt: this.#context.clock.monotonic() + WINDOW_MS,
    };
    this.#accepted.set(key, { ...stored, delivered });
  }

  store(key: string): void {
    const acceptance = this.#accepted.get(key);
    if (!acceptance) return;
    const { messageId, sequenceNumber, expiresAt } = acceptance;
    this.#stored.put(key, { messageId, sequenceNumber, expiresAt });
  }

  forget(key: string): void {
    this.#accepted.delete(key);
  }

  /** A topic that is deleted takes what it has accepted along. */
  forgetTopic(topicArn: string): void {
    const prefix = topicPrefix(topicArn);
    for (const key of this.#accepted.keys()) {
      if (!key.startsWith(prefix)) continue;
      this.#accepted.delete(key);
      this.#stored.delete(key);
    }
  }

  #dropExpired(): void {
    const now = this.#context.clock.monotonic();
    for (const [key, { expiresAt }] of this.#accepted) {
      if (expiresAt > now) return;
      this.#accepted.delete(key);
      this.#stored.delete(key);
    }
  }
}

/** How every key of a topic begins: a JSON list whose first element is its ARN. */
const topicPrefix = (topicArn: string): string => `[${JSON.stringify(topicArn)},`;

/** By topic, or by message group where the topic's throughput scope says so. */
export function deduplicationKey(
  { arn, attributes }: TopicRecord,
  { messageGroupId = '' }: MessageInput,
  deduplicationId: string,
): string {
  const perGroup = attributes['FifoThroughputScope'] === 'MessageGroup';
  return JSON.stringify(perGroup ? [arn, messageGroupId, deduplicationId] : [arn, deduplicationId]);
}
