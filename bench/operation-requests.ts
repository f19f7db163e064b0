import * as z from 'zod';
import type { AwsClient } from './aws-client.ts';
import type { EmulatorTarget } from './emulator-target.ts';
import type { Operation } from './operations.ts';
import { sampleEvent, sampleItem, sampleStep, sampleTimelineEntry } from './sample-order.ts';

/**
 * Does an operation once, for about `orderIds.length` messages or items.
 *
 * @returns how many messages or items it was; 0 when there are none left
 */
export type OperationRequest = (
  aws: AwsClient,
  target: EmulatorTarget,
  orderIds: readonly string[],
) => Promise<number>;

const received = z.object({
  Messages: z.array(z.object({ ReceiptHandle: z.string() })).default([]),
});

export const operationRequests: Readonly<Record<Operation, OperationRequest>> = {
  'sqs-send': (aws, { url, queueUrl }, orderIds) =>
    send(aws, url, { queueUrl, orderIds, isFifo: false }),
  'sqs-send-fifo': (aws, { url, fifoQueueUrl }, orderIds) =>
    send(aws, url, { queueUrl: fifoQueueUrl, orderIds, isFifo: true }),
  'sqs-receive-delete': async (aws, { url, queueUrl }, orderIds) => {
    const { Messages: found } = received.parse(
      await aws.json('sqs', new URL(url), 'ReceiveMessage', {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: orderIds.length,
        WaitTimeSeconds: 0,
      }),
    );
    if (found.length > 0) {
      await aws.json('sqs', new URL(url), 'DeleteMessageBatch', {
        QueueUrl: queueUrl,
        Entries: found.map(({ ReceiptHandle }, place) => ({ Id: String(place), ReceiptHandle })),
      });
    }
    return found.length;
  },
  'sns-publish': (aws, { url, topicArn }, orderIds) =>
    publish(aws, url, { topicArn, orderIds, isFifo: false }),
  'sns-publish-fifo': (aws, { url, fifoTopicArn }, orderIds) =>
    publish(aws, url, { topicArn: fifoTopicArn, orderIds, isFifo: true }),
  'dynamodb-put': (aws, { dynamoDbUrl, ordersTable }, orderIds) =>
    forEach(orderIds, (orderId) =>
      aws.json('dynamodb', new URL(dynamoDbUrl), 'PutItem', {
        TableName: ordersTable,
        Item: sampleItem(orderId),
        ConditionExpression: 'attribute_not_exists(orderId)',
      }),
    ),
  'dynamodb-update': (aws, { dynamoDbUrl, ordersTable }, orderIds) =>
    forEach(orderIds, (orderId) =>
      aws.json('dynamodb', new URL(dynamoDbUrl), 'UpdateItem', {
        TableName: ordersTable,
        Key: { orderId: { S: orderId } },
        // As an order changes, but for the history: it does not grow, however often this repeats.
        UpdateExpression: 'SET #state = :state, history = :steps, lastEventId = :eventId',
        ConditionExpression: '#state IN (:state)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':state': { S: 'Placed' },
          ':steps': { L: [sampleStep(orderId), sampleStep(orderId)] },
          ':eventId': { S: `${orderId}:Placed` },
        },
        ReturnValues: 'ALL_NEW',
      }),
    ),
  'dynamodb-get': (aws, { dynamoDbUrl, ordersTable }, orderIds) =>
    forEach(orderIds, (orderId) =>
      aws.json('dynamodb', new URL(dynamoDbUrl), 'GetItem', {
        TableName: ordersTable,
        Key: { orderId: { S: orderId } },
        ConsistentRead: true,
      }),
    ),
  'dynamodb-batch-write': async (aws, { dynamoDbUrl, timelineTable }, orderIds) => {
    await aws.json('dynamodb', new URL(dynamoDbUrl), 'BatchWriteItem', {
      RequestItems: {
        [timelineTable]: orderIds.map((orderId) => ({
          PutRequest: { Item: sampleTimelineEntry(orderId) },
        })),
      },
    });
    return orderIds.length;
  },
};

interface Batch {
  orderIds: readonly string[];
  isFifo: boolean;
}

/** Messages carry the attributes that the functions give them. */
const ATTRIBUTES = ['OrderId', 'CorrelationId', 'State'] as const;

const attributeValue = (name: (typeof ATTRIBUTES)[number], orderId: string): string =>
  ({ OrderId: orderId, CorrelationId: 'kc5_oDdWoVrpdPU', State: 'Placed' })[name];

async function send(
  aws: AwsClient,
  url: string,
  { queueUrl, orderIds, isFifo }: Batch & { queueUrl: string },
): Promise<number> {
  await aws.json('sqs', new URL(url), 'SendMessageBatch', {
    QueueUrl: queueUrl,
    Entries: orderIds.map((orderId, place) => ({
      Id: String(place),
      MessageBody: sampleEvent(orderId),
      MessageAttributes: Object.fromEntries(
        ATTRIBUTES.map((name) => [
          name,
          { DataType: 'String', StringValue: attributeValue(name, orderId) },
        ]),
      ),
      ...(isFifo ? { MessageGroupId: orderId, MessageDeduplicationId: orderId } : {}),
    })),
  });
  return orderIds.length;
}

async function publish(
  aws: AwsClient,
  url: string,
  { topicArn, orderIds, isFifo }: Batch & { topicArn: string },
): Promise<number> {
  const fields: Record<string, string> = { TopicArn: topicArn };
  for (const [place, orderId] of orderIds.entries()) {
    const entry = `PublishBatchRequestEntries.member.${place + 1}`;
    fields[`${entry}.Id`] = String(place);
    fields[`${entry}.Message`] = sampleEvent(orderId);
    for (const [index, name] of ATTRIBUTES.entries()) {
      const attribute = `${entry}.MessageAttributes.entry.${index + 1}`;
      fields[`${attribute}.Name`] = name;
      fields[`${attribute}.Value.DataType`] = 'String';
      fields[`${attribute}.Value.StringValue`] = attributeValue(name, orderId);
    }
    if (isFifo) {
      fields[`${entry}.MessageGroupId`] = orderId;
      fields[`${entry}.MessageDeduplicationId`] = orderId;
    }
  }
  await aws.sns(new URL(url), 'PublishBatch', fields);
  return orderIds.length;
}

async function forEach(
  orderIds: readonly string[],
  call: (orderId: string) => Promise<unknown>,
): Promise<number> {
  for (const orderId of orderIds) await call(orderId);
  return orderIds.length;
}
