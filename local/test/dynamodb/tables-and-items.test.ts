import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ActivityStream } from '../../activity/activity-stream.ts';
import { systemClock } from '../../clock.ts';
import { DynamoDbService } from '../../dynamodb/service.ts';
import { ensureTable } from '../../dynamodb/model.ts';
import { accessKeyIdOf } from '../../endpoint/caller.ts';
import type { LocalContext } from '../../local-context.ts';
import { memoryStorage } from '../../storage/memory-storage.ts';

const ORDERS = {
  TableName: 'Orders',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'orderId', AttributeType: 'S' },
    { AttributeName: 'customerId', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'orderId', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byCustomer',
      KeySchema: [{ AttributeName: 'customerId', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task();
});

async function start(dataDir?: string) {
  const activity = new ActivityStream(systemClock);
  const context: LocalContext = {
    activity,
    storage: memoryStorage(),
    clock: systemClock,
    region: 'us-east-1',
    accountId: '000000000000',
    endpoint: () => 'http://127.0.0.1:1',
  };
  const service = new DynamoDbService(context, {
    dataDir,
    onError: (error) => {
      throw error;
    },
  });
  await service.ready();
  const client = new DynamoDBClient({
    endpoint: service.url,
    region: 'us-east-1',
    credentials: { accessKeyId: accessKeyIdOf('recordOrders', '1'), secretAccessKey: 'local' },
  });
  const stop = async () => {
    client.destroy();
    await service.close();
  };
  return { service, client, activity, stop };
}

describe('the DynamoDB emulator in its own thread', () => {
  it('stores items, answers queries on an index and refuses a failed condition', async () => {
    // Prepare
    const { service, client, stop } = await start();
    cleanUp.push(stop);
    const { arn } = await ensureTable(service, ORDERS);
    const put = new PutItemCommand({
      TableName: 'Orders',
      Item: { orderId: { S: 'ORD-1' }, customerId: { S: 'ada' } },
      ConditionExpression: 'attribute_not_exists(orderId)',
    });

    // Act
    await client.send(put);
    const again = client.send(put);

    // Assess
    await expect(again).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    const found = await client.send(
      new QueryCommand({
        TableName: 'Orders',
        IndexName: 'byCustomer',
        KeyConditionExpression: 'customerId = :customer',
        ExpressionAttributeValues: { ':customer': { S: 'ada' } },
      }),
    );
    expect(found.Items).toEqual([{ orderId: { S: 'ORD-1' }, customerId: { S: 'ada' } }]);
    expect(arn).toBe('arn:aws:dynamodb:us-east-1:000000000000:table/Orders');
  });

  it('reports every write with table, operation, key and caller, and nothing else', async () => {
    // Prepare
    const { service, client, activity, stop } = await start();
    cleanUp.push(stop);
    await ensureTable(service, ORDERS);
    const item = { orderId: { S: 'ORD-1' }, customerId: { S: 'ada' } };

    // Act
    await client.send(new PutItemCommand({ TableName: 'Orders', Item: item }));
    await client
      .send(
        new PutItemCommand({
          TableName: 'Orders',
          Item: item,
          ConditionExpression: 'attribute_not_exists(orderId)',
        }),
      )
      .catch(() => undefined);
    await client.send(
      new GetItemCommand({ TableName: 'Orders', Key: { orderId: { S: 'ORD-1' } } }),
    );
    await client.send(
      new UpdateItemCommand({
        TableName: 'Orders',
        Key: { orderId: { S: 'ORD-1' } },
        UpdateExpression: 'SET customerId = :customer',
        ExpressionAttributeValues: { ':customer': { S: 'bob' } },
      }),
    );
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          Orders: [
            { PutRequest: { Item: { orderId: { S: 'ORD-2' } } } },
            { DeleteRequest: { Key: { orderId: { S: 'ORD-1' } } } },
          ],
        },
      }),
    );
    await activity.waitFor('item-written', (write) => write.operation === 'DeleteItem');

    // Assess
    const writes = activity.since().flatMap((each) => (each.type === 'item-written' ? [each] : []));
    expect(writes.map(({ table, operation, key }) => [table, operation, key])).toEqual([
      ['Orders', 'PutItem', 'ORD-1'],
      ['Orders', 'UpdateItem', 'ORD-1'],
      ['Orders', 'PutItem', 'ORD-2'],
      ['Orders', 'DeleteItem', 'ORD-1'],
    ]);
    expect(writes[0]?.caller).toEqual({
      kind: 'function',
      functionName: 'recordOrders',
      environmentId: '1',
    });
  });

  it('keeps tables and items in the data folder and takes an existing table as it is', async () => {
    // Prepare
    const dataDir = await mkdtemp(join(tmpdir(), 'dynamodb-'));
    cleanUp.push(() => rm(dataDir, { recursive: true }));
    const before = await start(dataDir);
    await ensureTable(before.service, ORDERS);
    const item = { orderId: { S: 'ORD-1' }, customerId: { S: 'ada' } };
    await before.client.send(new PutItemCommand({ TableName: 'Orders', Item: item }));
    await before.stop();

    // Act
    const after = await start(dataDir);
    cleanUp.push(after.stop);
    const { created } = await ensureTable(after.service, ORDERS);

    // Assess
    expect(created).toBe(false);
    const found = await after.client.send(
      new GetItemCommand({ TableName: 'Orders', Key: { orderId: { S: 'ORD-1' } } }),
    );
    expect(found.Item).toEqual(item);
  });

  it('names the table in the refusal of a definition', async () => {
    // Prepare
    const { service, stop } = await start();
    cleanUp.push(stop);

    // Act
    const creation = ensureTable(service, { ...ORDERS, KeySchema: [] });

    // Assess
    await expect(creation).rejects.toMatchObject({
      name: 'AwsError',
      code: 'ValidationException',
      message: expect.stringContaining('CreateTable Orders'),
    });
  });
});
