/** `npm run bench -w template-runtime`: what each emulated service does alone, over HTTP. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import * as z from 'zod';
import { startSystem, type System } from '../system/start-system.ts';
import { operations, type Target } from './operations.ts';

const { values } = parseArgs({ options: { milliseconds: { type: 'string', default: '3000' } } });
const milliseconds = Number(values.milliseconds);
const LOAD = fileURLToPath(new URL('load.ts', import.meta.url));
const loadSchema = z.object({ items: z.number(), startedAt: z.number(), endedAt: z.number() });

const subscription = (topic: string, queue: string): object => ({
  Type: 'AWS::SNS::Subscription',
  Properties: {
    TopicArn: { Ref: topic },
    Protocol: 'sqs',
    Endpoint: { 'Fn::GetAtt': [queue, 'Arn'] },
    RawMessageDelivery: true,
  },
});
const fifo = { FifoQueue: true, FifoThroughputLimit: 'perMessageGroupId' };
const template = {
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'bench' } },
    FifoQueue: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: 'bench.fifo', ...fifo, DeduplicationScope: 'messageGroup' },
    },
    First: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'first' } },
    Second: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'second' } },
    Last: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: 'last.fifo', ...fifo, DeduplicationScope: 'messageGroup' },
    },
    Admission: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'First' }, { Ref: 'Second' }, { Ref: 'Last' }],
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: '*',
            },
          ],
        },
      },
    },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'bench' } },
    FifoTopic: {
      Type: 'AWS::SNS::Topic',
      Properties: { TopicName: 'bench.fifo', FifoTopic: true, FifoThroughputScope: 'MessageGroup' },
    },
    ToFirst: subscription('Topic', 'First'),
    ToSecond: subscription('Topic', 'Second'),
    ToLast: subscription('FifoTopic', 'Last'),
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'bench',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      },
    },
  },
  Outputs: {
    queueUrl: { Value: { Ref: 'Queue' } },
    fifoQueueUrl: { Value: { Ref: 'FifoQueue' } },
    topicArn: { Value: { Ref: 'Topic' } },
    fifoTopicArn: { Value: { Ref: 'FifoTopic' } },
    table: { Value: { Ref: 'Table' } },
  },
};

const system = await startSystem({
  template,
  codeFolder: () => '',
  port: 0,
  anyPortIfTaken: true,
  runEventSources: false,
});
try {
  const target = targetOf(system);
  console.log('| service | operation | largest batches | single requests |');
  console.log('| --- | --- | --- | --- |');
  for (const [name, { service, text, largestBatch }] of Object.entries(operations)) {
    await rate(target, name, largestBatch, 500);
    const inBatches = await rate(target, name, largestBatch, milliseconds);
    const single = largestBatch === 1 ? inBatches : await rate(target, name, 1, milliseconds);
    const cells = [service, text, `${perSecond(inBatches)} (${largestBatch})`, perSecond(single)];
    console.log(`| ${cells.join(' | ')} |`);
  }
} finally {
  await system.stop();
}

function targetOf({ url, outputs }: System): Target {
  const output = (name: string): string => outputs[name] ?? '';
  return {
    url,
    dynamoDbUrl: system.dynamoDbUrl,
    queueUrl: output('queueUrl'),
    fifoQueueUrl: output('fifoQueueUrl'),
    topicArn: output('topicArn'),
    fifoTopicArn: output('fifoTopicArn'),
    table: output('table'),
  };
}

/** Messages or items a second. What a topic takes counts when the queues have it. */
async function rate(
  target: Target,
  operation: string,
  batchSize: number,
  limit: number,
): Promise<number> {
  if (operation === 'sqs-receive-delete') await load(target, 'sqs-send', 10, limit);
  const lastQueue = { 'sns-publish': 'second', 'sns-publish-fifo': 'last.fifo' }[operation];
  const all = Promise.withResolvers<void>();
  let delivered = 0;
  let awaited = Infinity;
  const stop = system.activity.subscribe((happened) => {
    if (happened.type !== 'message-delivered' || happened.endpoint !== lastQueue) return;
    delivered += 1;
    if (delivered >= awaited) all.resolve();
  });
  try {
    const { items, startedAt, endedAt } = await load(target, operation, batchSize, limit);
    awaited = items;
    if (lastQueue !== undefined && delivered < awaited) await all.promise;
    const end = lastQueue === undefined ? endedAt : Date.now();
    return (items * 1000) / (end - startedAt);
  } finally {
    stop();
  }
}

async function load(
  target: Target,
  operation: string,
  batchSize: number,
  limit: number,
): Promise<z.infer<typeof loadSchema>> {
  const plan = JSON.stringify({ target, operation, batchSize, milliseconds: limit });
  const { stdout } = await promisify(execFile)(process.execPath, [LOAD, plan]);
  return loadSchema.parse(JSON.parse(stdout));
}

function perSecond(value: number): string {
  return `${value.toFixed(0)}/s`;
}
