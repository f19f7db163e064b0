import type { PublishedMessage } from '../published-message.ts';
import type { Subscription } from '../subscription.ts';
import type { TopicRecord } from '../topic.ts';

/** One way to deliver: a file of this folder each, listed in protocols.ts. */
export interface DeliveryProtocol {
  readonly supportsRawDelivery: boolean;
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
