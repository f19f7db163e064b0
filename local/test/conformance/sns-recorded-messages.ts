import type { MessageInput } from '../../sns/model/message.ts';
import { CLIENT, makeSns, subscribeQueue } from '../sns/running-sns.ts';

/** How a recorded message came about. */
export interface RecordedMessage {
  file: string;
  /** Path to the message within the file. */
  path: (string | number)[];
  fifo?: boolean;
  queueName?: string;
  attributes?: Record<string, string>;
  input: MessageInput;
  /** The queue is deleted before, and the message recorded in the dead-letter queue. */
  undeliverable?: boolean;
}

const RAW = { RawMessageDelivery: 'true' };
const number = (stringValue: string) => ({ dataType: 'Number', stringValue });
const binary = { dataType: 'Binary', binaryValue: 'AgME' };
const ordering = { messageGroupId: 'message-group-id-1', messageDeduplicationId: 'id' };

export const RECORDED_MESSAGES: RecordedMessage[] = [
  {
    file: 'sns-to-sqs-envelope',
    path: ['messages', 'Messages', 0],
    input: { message: 'This is a test message', attributes: { attr1: number('99.12') } },
  },
  {
    file: 'sns-to-sqs-raw-vs-envelope',
    path: ['message-raw-true', 'Messages', 0],
    attributes: RAW,
    input: { message: 'Test msg', attributes: { attr1: number('99.12') } },
  },
  {
    file: 'sns-to-sqs-raw-vs-envelope',
    path: ['message-raw-false', 'Messages', 0],
    input: { message: 'Test msg', attributes: { attr1: number('100.12') } },
  },
  {
    file: 'sns-to-sqs-message-attributes',
    path: ['json-delivery-msg-attrs', 'Messages', 0],
    input: {
      message: 'text',
      attributes: {
        'an-attribute-key': { dataType: 'String', stringValue: 'an-attribute-value' },
        'binary-attribute': binary,
      },
    },
  },
  {
    file: 'sns-to-sqs-redrive-envelope',
    path: ['messages', 'Messages', 0],
    undeliverable: true,
    input: {
      message: 'test_dlq_after_sqs_endpoint_deleted',
      attributes: { attr1: number('111'), attr2: binary },
    },
  },
  {
    file: 'sns-after-failure-to-deliver',
    path: ['messages-before-delete', 'Messages', 0],
    input: { message: 'test_dlq_before_sqs_endpoint_deleted' },
  },
  {
    file: 'sns-message-structure-json',
    path: ['get-msg-json-sqs', 'Messages', 0],
    input: {
      message: JSON.stringify({ default: 'default field', sqs: '{"field": "value"}' }),
      messageStructure: 'json',
    },
  },
  {
    file: 'sns-message-structure-json',
    path: ['get-msg-json-default', 'Messages', 0],
    input: { message: JSON.stringify({ default: 'default field' }), messageStructure: 'json' },
  },
  {
    file: 'sns-standard-message-group-id',
    path: ['messages', 'Messages', 0],
    input: {
      message: 'test signature value with attributes',
      attributes: { attr1: number('1') },
      messageGroupId: 'my-group-id-1',
    },
  },
  {
    file: 'sns-fifo-to-sqs-fifo',
    path: ['messages', 'Messages', 0],
    fifo: true,
    queueName: 'queue.fifo',
    input: { message: 'Test', messageGroupId: 'message-group-id-1' },
  },
  {
    file: 'sns-fifo-to-standard-sqs',
    path: ['messages', 'Messages', 0],
    fifo: true,
    input: { message: 'Test', messageGroupId: 'message-group-id-1' },
  },
  {
    file: 'sns-fifo-dlq',
    path: ['messages-in-dlq', 'Messages', 0],
    fifo: true,
    queueName: 'queue.fifo',
    attributes: RAW,
    undeliverable: true,
    input: {
      message: 'test-message',
      ...ordering,
      messageDeduplicationId: 'message-deduplication-id-1',
    },
  },
];

/** Publishes the message and gives what a receiver of the queue would see of it. */
export async function delivered(recorded: RecordedMessage): Promise<Record<string, unknown>> {
  const sns = makeSns();
  const { arn: topicArn } = await sns.service.ensureTopic(
    recorded.fifo ? 'topic.fifo' : 'topic',
    recorded.fifo ? { FifoTopic: 'true', ContentBasedDeduplication: 'true' } : {},
  );
  const queueName = recorded.queueName ?? 'queue';
  const deadLetters = sns.queues.add(queueName.replace('queue', 'dead'));
  const queue = await subscribeQueue(sns, topicArn, queueName, {
    ...recorded.attributes,
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn }),
  });
  if (recorded.undeliverable) sns.queues.remove(queue);
  await sns.service.publish({ topicArn, ...recorded.input }, CLIENT);
  const [message] = (recorded.undeliverable ? deadLetters : queue).sent;
  if (!message) return {};
  const attributes = Object.entries(message.attributes ?? {}).map(([name, attribute]) => [
    name,
    { DataType: attribute.dataType, StringValue: attribute.stringValue },
  ]);
  const { messageGroupId, messageDeduplicationId } = message;
  return {
    Body: message.body.startsWith('{\n') ? JSON.parse(message.body) : message.body,
    ...(attributes.length > 0 ? { MessageAttributes: Object.fromEntries(attributes) } : {}),
    Attributes: {
      ...(messageGroupId === undefined ? {} : { MessageGroupId: messageGroupId }),
      ...(messageDeduplicationId === undefined
        ? {}
        : { MessageDeduplicationId: messageDeduplicationId }),
    },
  };
}
