import { AwsError } from '../../endpoint/aws-error.ts';
import type { OutgoingMessage, Queue, QueueDirectory } from '../../sqs/queue.ts';
import { bodyFor, type PublishedMessage } from '../model/message.ts';
import type { Subscription } from '../model/subscription.ts';
import { EndpointRefusal } from './delivery-protocol.ts';
import type { NotificationWriter } from './notification.ts';
import { allowsTopic } from './queue-access.ts';

/** Above this number of attributes a raw message is more than a queue takes. */
const MOST_QUEUE_ATTRIBUTES = 10;

/** Puts messages of topics into queues: those of subscriptions and dead-letter queues. */
export class QueueSender {
  readonly #queues: QueueDirectory;
  readonly #notifications: NotificationWriter;
  readonly #accountId: string;
  /** The last answer for each queue and topic, and the policy it was given for. */
  readonly #access = new Map<string, { policy: string | undefined; allowed: boolean }>();

  constructor(queues: QueueDirectory, notifications: NotificationWriter, accountId: string) {
    this.#queues = queues;
    this.#notifications = notifications;
    this.#accountId = accountId;
  }

  /**
   * @returns the queue's name
   * @throws EndpointRefusal when the queue is not there, keeps the topic out or rejects the message
   */
  async send(
    queueArn: string,
    message: PublishedMessage,
    subscription: Subscription,
  ): Promise<string> {
    const queue = this.#queues.queueByArn(queueArn);
    if (!queue) throw new EndpointRefusal(`The queue ${queueArn} does not exist`);
    if (!this.#allows(queue, message.topicArn)) {
      throw new EndpointRefusal(
        `The policy of queue ${queue.name} does not let sns.amazonaws.com send for ${message.topicArn}`,
      );
    }
    try {
      await queue.send(this.#outgoing(queue, message, subscription), {
        kind: 'service',
        service: 'sns',
        sourceArn: message.topicArn,
      });
    } catch (error) {
      if (error instanceof AwsError && error.fault === 'Sender' && !isThrottling(error)) {
        throw new EndpointRefusal(`${error.code}: ${error.message}`, { cause: error });
      }
      throw error;
    }
    return queue.name;
  }

  #outgoing(queue: Queue, message: PublishedMessage, subscription: Subscription): OutgoingMessage {
    const { groupId, deduplicationId, fifo } = message;
    // A standard queue takes a group for fairness only, and from a standard topic only.
    const passesGroup = groupId !== undefined && (queue.fifo || !fifo);
    const ordering = {
      ...(passesGroup ? { messageGroupId: groupId } : {}),
      ...(queue.fifo && deduplicationId !== undefined
        ? { messageDeduplicationId: deduplicationId }
        : {}),
    };
    if (!subscription.rawMessageDelivery) {
      return { body: this.#notifications.document(message, subscription), ...ordering };
    }
    const { attributes } = message;
    const count = Object.keys(attributes).length;
    if (count > MOST_QUEUE_ATTRIBUTES) {
      throw new EndpointRefusal(
        `A raw message may have ${MOST_QUEUE_ATTRIBUTES} attributes at most, not ${count}`,
      );
    }
    const body = bodyFor(message, subscription.record.protocol);
    return { body, ...(count > 0 ? { attributes } : {}), ...ordering };
  }

  #allows({ arn, policy }: Queue, topicArn: string): boolean {
    const key = `${arn} ${topicArn}`;
    const known = this.#access.get(key);
    if (known && known.policy === policy) return known.allowed;
    const request = { queueArn: arn, topicArn, accountId: this.#accountId };
    const allowed = allowsTopic(policy, request);
    this.#access.set(key, { policy, allowed });
    return allowed;
  }
}

const isThrottling = ({ code }: AwsError): boolean => /Thrott|OverLimit/.test(code);
