import * as z from 'zod';
import type { AwsClient } from './aws-client.ts';

/** Where the services of the measured system answer. */
export const targetSchema = z.object({
  /** Of SQS and SNS. */
  url: z.string(),
  /** The emulator's own port, which functions use. */
  dynamoDbUrl: z.string(),
  queueUrl: z.string(),
  fifoQueueUrl: z.string(),
  topicArn: z.string(),
  fifoTopicArn: z.string(),
  table: z.string(),
});
export type Target = z.infer<typeof targetSchema>;

export interface Operation {
  readonly service: 'SQS' | 'SNS' | 'DynamoDB';
  readonly text: string;
  /** What one request can carry at most. */
  readonly largestBatch: number;
  /**
   * Does it once, for the messages or items that `ids` name.
   *
   * @returns how many it were; 0 when there are none left
   */
  readonly request: (aws: AwsClient, target: Target, ids: readonly string[]) => Promise<number>;
}

/** About as much as an event about an order. */
const BODY = JSON.stringify({ text: 'x'.repeat(700) });
const ATTRIBUTES = { Subject: 'order', CorrelationId: 'kc5_oDdWoVrpdPU', State: 'Placed' };

const receivedSchema = z.object({
  Messages: z.array(z.object({ ReceiptHandle: z.string() })).default([]),
});

export const operations: Readonly<Record<string, Operation>> = {
  'sqs-send': {
    service: 'SQS',
    text: 'send to a standard queue',
    largestBatch: 10,
    request: (aws, { url, queueUrl }, ids) => send(aws, url, queueUrl, ids, false),
  },
  'sqs-send-fifo': {
    service: 'SQS',
    text: 'send to a FIFO queue',
    largestBatch: 10,
    request: (aws, { url, fifoQueueUrl }, ids) => send(aws, url, fifoQueueUrl, ids, true),
  },
  'sqs-receive-delete': {
    service: 'SQS',
    text: 'receive and delete',
    largestBatch: 10,
    request: receiveAndDelete,
  },
  'sns-publish': {
    service: 'SNS',
    text: 'publish to a standard topic with two queues',
    largestBatch: 10,
    request: (aws, { url, topicArn }, ids) => publish(aws, url, topicArn, ids, false),
  },
  'sns-publish-fifo': {
    service: 'SNS',
    text: 'publish to a FIFO topic with a queue',
    largestBatch: 10,
    request: (aws, { url, fifoTopicArn }, ids) => publish(aws, url, fifoTopicArn, ids, true),
  },
  'dynamodb-put': {
    service: 'DynamoDB',
    text: 'PutItem with a condition',
    largestBatch: 1,
    request: (aws, target, ids) =>
      eachItem(aws, target, ids, (id) => [
        'PutItem',
        { Item: item(id), ConditionExpression: 'attribute_not_exists(id)' },
      ]),
  },
  'dynamodb-get': {
    service: 'DynamoDB',
    text: 'GetItem',
    largestBatch: 1,
    request: (aws, target, ids) =>
      eachItem(aws, target, ids, () => [
        'GetItem',
        { Key: { id: { S: 'absent' } }, ConsistentRead: true },
      ]),
  },
};

async function send(
  aws: AwsClient,
  url: string,
  queueUrl: string,
  ids: readonly string[],
  isFifo: boolean,
): Promise<number> {
  await aws.json('sqs', new URL(url), 'SendMessageBatch', {
    QueueUrl: queueUrl,
    Entries: ids.map((id, place) => ({
      Id: String(place),
      MessageBody: BODY,
      MessageAttributes: Object.fromEntries(
        Object.entries(ATTRIBUTES).map(([name, StringValue]) => [
          name,
          { DataType: 'String', StringValue },
        ]),
      ),
      ...(isFifo ? { MessageGroupId: id, MessageDeduplicationId: id } : {}),
    })),
  });
  return ids.length;
}

async function receiveAndDelete(
  aws: AwsClient,
  { url, queueUrl }: Target,
  ids: readonly string[],
): Promise<number> {
  const { Messages: found } = receivedSchema.parse(
    await aws.json('sqs', new URL(url), 'ReceiveMessage', {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: ids.length,
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
}

async function publish(
  aws: AwsClient,
  url: string,
  topicArn: string,
  ids: readonly string[],
  isFifo: boolean,
): Promise<number> {
  const fields: Record<string, string> = { TopicArn: topicArn };
  for (const [place, id] of ids.entries()) {
    const entry = `PublishBatchRequestEntries.member.${place + 1}`;
    fields[`${entry}.Id`] = String(place);
    fields[`${entry}.Message`] = BODY;
    for (const [index, [name, value]] of Object.entries(ATTRIBUTES).entries()) {
      const attribute = `${entry}.MessageAttributes.entry.${index + 1}`;
      fields[`${attribute}.Name`] = name;
      fields[`${attribute}.Value.DataType`] = 'String';
      fields[`${attribute}.Value.StringValue`] = value;
    }
    if (isFifo) {
      fields[`${entry}.MessageGroupId`] = id;
      fields[`${entry}.MessageDeduplicationId`] = id;
    }
  }
  await aws.sns(new URL(url), 'PublishBatch', fields);
  return ids.length;
}

const item = (id: string): object => ({ id: { S: id }, body: { S: BODY }, count: { N: '1' } });

async function eachItem(
  aws: AwsClient,
  { dynamoDbUrl, table }: Target,
  ids: readonly string[],
  input: (id: string) => readonly [operation: string, input: object],
): Promise<number> {
  for (const id of ids) {
    const [operation, parameters] = input(id);
    await aws.json('dynamodb', new URL(dynamoDbUrl), operation, {
      TableName: table,
      ...parameters,
    });
  }
  return ids.length;
}
