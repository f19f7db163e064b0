import { invalidParameter } from '../sns-errors.ts';
import type { DeliveryProtocol } from './delivery-protocol.ts';
import type { QueueSender } from './queue-sender.ts';

const QUEUE_ARN = /^arn:[^:]+:sqs:[^:]+:\d+:([^:]+)$/;

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html */
export const sqsDelivery = (sender: QueueSender): DeliveryProtocol => ({
  supportsRawDelivery: true,

  checkEndpoint(endpoint, topic) {
    if (!QUEUE_ARN.test(endpoint)) throw invalidParameter('SQS endpoint ARN');
    if (!topic.fifo && endpoint.endsWith('.fifo')) {
      throw invalidParameter(
        'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
      );
    }
  },

  nameOf: (endpoint) => QUEUE_ARN.exec(endpoint)?.[1] ?? endpoint,

  async deliver(message, subscription) {
    await sender.send(subscription.record.endpoint, message, subscription);
  },
});
