import { afterEach, describe, expect, it } from '@jest/globals';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListSubscriptionsCommand, ListTopicsCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { Shop, SHOP } from './shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

const { Orders, OrdersDead, Kept, Events, OrdersSubscription, Table } = SHOP.Resources;
const { DependsOn: _, ...Subscription } = OrdersSubscription;
const RESOURCES = { Orders, OrdersDead, Kept, Events, Subscription, Table };

const altered = <T extends { Properties: object }>(resource: T, properties: object) => ({
  ...resource,
  Properties: { ...resource.Properties, ...properties },
});

/** Runs one template after the other in the same data folder and leaves the second running. */
async function restarted(before: object, after: object) {
  const dataDir = await shop.folder();
  const first = await shop.start({ template: { Resources: before }, dataDir });
  expect(first.changes).toEqual([]);
  await first.stop();
  return shop.start({ template: { Resources: after }, dataDir });
}

describe('a template that changed between two runs with one data folder', () => {
  it('deletes what it has no more', async () => {
    // Act
    const system = await restarted(RESOURCES, { Orders, OrdersDead });

    // Assess
    const { sqs, sns, dynamodb } = shop.clients(system);
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    expect(QueueUrls.map((url) => url.split('/').at(-1))).toEqual([
      'shop-Orders',
      'shop-OrdersDead',
    ]);
    expect((await sns.send(new ListTopicsCommand({}))).Topics ?? []).toEqual([]);
    expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions ?? []).toEqual([]);
    expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    expect(system.changes).toEqual(
      ['Table', 'Subscription', 'Events', 'Kept'].map((logicalId) => ({
        logicalId,
        type: RESOURCES[logicalId as keyof typeof RESOURCES].Type,
        change: 'deleted',
      })),
    );
  });

  it('keeps what has the DeletionPolicy Retain, and says so', async () => {
    const system = await restarted(
      { Orders, OrdersDead, Kept: { ...Kept, DeletionPolicy: 'Retain' } },
      { Orders, OrdersDead },
    );

    expect(system.sqs.queueByName('kept.fifo')).toBeDefined();
    expect(system.changes).toEqual([
      { logicalId: 'Kept', type: 'AWS::SQS::Queue', change: 'kept (DeletionPolicy Retain)' },
    ]);
  });

  it('keeps a queue that another logical id has taken over', async () => {
    const system = await restarted({ Kept }, { Renamed: Kept });

    expect(system.sqs.queueByName('kept.fifo')).toBeDefined();
    expect(system.changes).toEqual([
      { logicalId: 'Renamed', type: 'AWS::SQS::Queue', change: 'new' },
    ]);
  });

  it('updates what can be updated', async () => {
    // Act
    const system = await restarted(RESOURCES, {
      ...RESOURCES,
      Orders: altered(Orders, { VisibilityTimeout: 77 }),
    });

    // Assess
    const { sqs } = shop.clients(system);
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: system.resources.find(({ logicalId }) => logicalId === 'Orders')?.physicalId,
        AttributeNames: ['VisibilityTimeout'],
      }),
    );
    expect(Attributes).toEqual({ VisibilityTimeout: '77' });
    expect(system.changes).toEqual([
      { logicalId: 'Orders', type: 'AWS::SQS::Queue', change: 'changed VisibilityTimeout' },
    ]);
  });

  it('replaces a subscription', async () => {
    const system = await restarted(RESOURCES, {
      ...RESOURCES,
      Subscription: altered(Subscription, { Endpoint: { 'Fn::GetAtt': ['OrdersDead', 'Arn'] } }),
    });

    const { sns } = shop.clients(system);
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
    expect(Subscriptions.map(({ Endpoint }) => Endpoint)).toEqual([
      'arn:aws:sqs:us-east-1:000000000000:shop-OrdersDead',
    ]);
  });

  it('says nothing when it is the same', async () => {
    expect((await restarted(SHOP.Resources, SHOP.Resources)).changes).toEqual([]);
  });

  it.each<[string, object, string]>([
    [
      'the key of a table',
      {
        Table: altered(Table, {
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        }),
      },
      'Resources.Table.Properties.KeySchema: changed from [{"AttributeName":"orderId"',
    ],
    [
      'the name of a queue',
      { Kept: altered(Kept, { QueueName: 'other.fifo' }) },
      'Resources.Kept.Properties.QueueName: changed from "kept.fifo" to "other.fifo"',
    ],
    [
      'the kind of a queue',
      { Kept: { Type: 'AWS::SQS::Queue' } },
      'Resources.Kept.Properties.QueueName: changed from "kept.fifo" to nothing',
    ],
  ])('is refused when it changes %s', async (__, changed, message) => {
    await expect(restarted(RESOURCES, { ...RESOURCES, ...changed })).rejects.toThrow(message);
  });
});
