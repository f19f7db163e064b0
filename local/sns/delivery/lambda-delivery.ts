import type { FunctionInvoker } from '../../lambda/model/function-invoker.ts';
import type { NotificationWriter } from './notification.ts';
import { invalidParameter } from '../errors.ts';
import { EndpointRefusal, type DeliveryProtocol } from './delivery-protocol.ts';

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
