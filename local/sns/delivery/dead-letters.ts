import type { ActivityStream } from '../../activity/activity-stream.ts';
import type { PublishedMessage } from '../model/message.ts';
import type { Subscription } from '../model/subscription.ts';
import type { QueueSender } from './queue-sender.ts';

/** A message that a subscription's endpoint did not take. */
export interface Undelivered {
  message: PublishedMessage;
  subscription: Subscription;
  /** The endpoint's plain name. */
  endpoint: string;
  attempt: number;
  reason: string;
}

/**
 * Puts undeliverable messages into the dead-letter queue of their subscription, in the form in
 * which the subscription receives them.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
 */
export class DeadLetters {
  readonly #activity: ActivityStream;
  readonly #queueSender: QueueSender;

  constructor(activity: ActivityStream, queueSender: QueueSender) {
    this.#activity = activity;
    this.#queueSender = queueSender;
  }

  /**
   * Does nothing for a subscription without a redrive policy. A dead-letter queue that can not be
   * sent to loses the message, which is recorded as a failed delivery to it.
   */
  async take({ message, subscription, endpoint, attempt, reason }: Undelivered): Promise<void> {
    const queueArn = subscription.deadLetterQueueArn;
    if (queueArn === undefined) return;
    const { messageId, topicName: topic } = message;
    const about = message.subject === undefined ? {} : { subject: message.subject };
    try {
      const deadLetterQueue = await this.#queueSender.send(queueArn, message, subscription);
      this.#activity.record({
        type: 'message-dead-lettered',
        from: `${topic} → ${endpoint}`,
        deadLetterQueue,
        messageId,
        ...about,
        reason,
      });
    } catch (error) {
      this.#activity.record({
        type: 'delivery-failed',
        topic,
        protocol: 'sqs',
        endpoint: queueArn.split(':').at(-1) ?? queueArn,
        messageId,
        ...about,
        attempt,
        final: true,
        reason: `The dead-letter queue did not take the message: ${String(error)}`,
      });
    }
  }
}
