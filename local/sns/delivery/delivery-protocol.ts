import type { PublishedMessage } from '../model/message.ts';
import type { Subscription } from '../model/subscription.ts';
import type { TopicRecord } from '../model/topic.ts';

/** One way to deliver: a file of this folder each, listed in protocols.ts. */
export interface DeliveryProtocol {
  readonly supportsRawDelivery: boolean;
  /**
   * True when the endpoint is somebody else's: it has to confirm its subscription, and nobody waits
   * for its answers.
   */
  readonly needsConfirmation: boolean;
  /** @throws AwsError InvalidParameter when a topic can not deliver to such an endpoint */
  checkEndpoint(endpoint: string, topic: TopicRecord): void;
  /** The endpoint's plain name, for activities. */
  nameOf(endpoint: string): string;
  /**
   * Resolves when the endpoint has taken the message.
   *
   * @throws EndpointRefusal when another attempt would not help; any other error is tried again
   */
  deliver(message: PublishedMessage, subscription: Subscription): Promise<void>;
  /** The delay after attempt number `attempt` (from 1) in milliseconds; undefined after the last. */
  retryDelay(attempt: number, subscription: Subscription): number | undefined;
}

/**
 * A client-side delivery error: the endpoint is gone, or its policy does not let the topic in. SNS
 * does not try again.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
 */
export class EndpointRefusal extends Error {
  override readonly name = 'EndpointRefusal';
}

/** Phases of retrying: how often, and after which delay in milliseconds. */
const IMMEDIATE = 3;
const PRE_BACKOFF = { retries: 2, delayMs: 1_000 };
const BACKOFF = { retries: 10, fromMs: 1_000, toMs: 20_000 };
const POST_BACKOFF = { retries: 100_000, delayMs: 20_000 };

/**
 * The delay before the attempt that follows attempt number `attempt` (from 1) to an endpoint that
 * AWS manages, or undefined when that was the last of 100,016 over 23 days.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export function delayAfterAttempt(attempt: number): number | undefined {
  let retry = attempt - 1;
  if (retry < IMMEDIATE) return 0;
  retry -= IMMEDIATE;
  if (retry < PRE_BACKOFF.retries) return PRE_BACKOFF.delayMs;
  retry -= PRE_BACKOFF.retries;
  if (retry < BACKOFF.retries) {
    const growth = BACKOFF.toMs / BACKOFF.fromMs;
    return Math.round(BACKOFF.fromMs * growth ** (retry / (BACKOFF.retries - 1)));
  }
  retry -= BACKOFF.retries;
  return retry < POST_BACKOFF.retries ? POST_BACKOFF.delayMs : undefined;
}
