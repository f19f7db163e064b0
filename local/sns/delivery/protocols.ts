import type { FunctionInvoker } from '../../lambda/model/function-invoker.ts';
import { invalidParameter } from '../errors.ts';
import { delayAfterAttempt, type DeliveryProtocol, EndpointRefusal } from './delivery-protocol.ts';
import type { HttpDelivery } from './http-delivery.ts';
import type { NotificationWriter } from './notification.ts';
import type { QueueSender } from './queue-sender.ts';

/** Protocols of SNS that have no file in this folder yet. */
const NOT_DELIVERED = ['email', 'email-json', 'sms', 'application', 'firehose'];

export interface ProtocolTargets {
  queueSender: QueueSender;
  functions: FunctionInvoker;
  notifications: NotificationWriter;
  http: HttpDelivery;
}

/** The protocols that the local runtime delivers by. */
export class Protocols {
  readonly #byName: ReadonlyMap<string, DeliveryProtocol>;

  constructor({ queueSender, functions, notifications, http }: ProtocolTargets) {
    this.#byName = new Map([
      ['http', http.protocol('http')],
      ['https', http.protocol('https')],
      ['sqs', sqsDelivery(queueSender)],
      ['lambda', lambdaDelivery(functions, notifications)],
    ]);
  }

  /** @throws AwsError InvalidParameter */
  get(name: string | undefined): DeliveryProtocol {
    const protocol = this.#byName.get(name ?? '');
    if (protocol) return protocol;
    if (name !== undefined && NOT_DELIVERED.includes(name)) {
      throw invalidParameter(
        `Protocol Reason: the local runtime does not deliver by ${name} yet; it delivers by ${[...this.#byName.keys()].join(', ')}`,
      );
    }
    throw invalidParameter(`Amazon SNS does not support this protocol string: ${name ?? ''}`);
  }
}

const QUEUE_ARN = /^arn:[^:]+:sqs:[^:]+:\d+:([^:]+)$/;

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html */
export const sqsDelivery = (sender: QueueSender): DeliveryProtocol => ({
  supportsRawDelivery: true,
  needsConfirmation: false,
  retryDelay: delayAfterAttempt,

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

/** With or without a version or alias. */
const FUNCTION_ARN = /^arn:[^:]+:lambda:[^:]+:\d+:function:([^:]+)(?::[^:]+)?$/;

const nameOf = (endpoint: string): string => FUNCTION_ARN.exec(endpoint)?.[1] ?? endpoint;

/**
 * Invokes asynchronously: the message is delivered when the event is accepted, and what becomes of
 * the invocation is the function's own affair.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-lambda-as-subscriber.html
 */
export const lambdaDelivery = (
  functions: FunctionInvoker,
  notifications: NotificationWriter,
): DeliveryProtocol => ({
  supportsRawDelivery: false,
  needsConfirmation: false,
  retryDelay: delayAfterAttempt,

  checkEndpoint(endpoint, topic) {
    if (topic.fifo) throw invalidParameter('Invalid protocol type: lambda');
    if (!FUNCTION_ARN.test(endpoint)) throw invalidParameter('Lambda endpoint ARN');
  },

  nameOf,

  async deliver(message, subscription) {
    const functionName = nameOf(subscription.record.endpoint);
    if (!functions.functionExists(functionName)) {
      throw new EndpointRefusal(`The function ${functionName} does not exist`);
    }
    await functions.invokeAsync({
      functionName,
      payload: notifications.event(message, subscription),
      source: `SNS ${message.topicName}`,
      ...(message.subject === undefined ? {} : { subjects: [message.subject] }),
    });
  },
});
