import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ActivityStream } from '../../activity/activity-stream.ts';
import { systemClock } from '../../context/clock.ts';
import { ensureTable, type TableDefinition } from '../../dynamodb/model/tables.ts';
import { DynamoDbService } from '../../dynamodb/service.ts';
import { accessKeyIdOf } from '../../endpoint/caller.ts';
import { memoryStorage } from '../../storage/memory-storage.ts';
import { SqliteStorage } from '../../storage/sqlite-storage.ts';

export const ORDERS = {
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

export const ITEM = { orderId: { S: 'ORD-1' }, customerId: { S: 'ada' } };

const cleanUp: (() => Promise<unknown>)[] = [];

export async function cleanUpDynamoDb(): Promise<void> {
  for (const task of cleanUp.splice(0).toReversed()) await task();
}

/** A folder that is gone after the test. */
export async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dynamodb-'));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** DynamoDB alone, with a client that is an environment of the function recordOrders. */
export async function startDynamoDb({
  dataDir,
  tables = [],
  acceptLoss,
  onError = (error) => {
    throw error;
  },
}: {
  dataDir?: string;
  tables?: TableDefinition[];
  acceptLoss?: boolean;
  onError?: (error: unknown) => void;
} = {}) {
  const activity = new ActivityStream(systemClock);
  const storage = dataDir === undefined ? memoryStorage() : new SqliteStorage(dataDir);
  const context = {
    activity,
    storage,
    clock: systemClock,
    region: 'us-east-1',
    accountId: '000000000000',
    endpoint: () => 'http://127.0.0.1:1',
  };
  const service = new DynamoDbService(context, { dataDir, acceptLoss, onError });
  const stop = async (): Promise<void> => {
    await service.close();
    storage.close();
  };
  try {
    await service.ready();
  } catch (error) {
    await stop();
    throw error;
  }
  const client = new DynamoDBClient({
    endpoint: service.url,
    region: 'us-east-1',
    credentials: { accessKeyId: accessKeyIdOf('recordOrders', '1'), secretAccessKey: 'local' },
  });
  let stopped: Promise<void> | undefined;
  const stopOnce = (): Promise<void> => {
    client.destroy();
    stopped ??= stop();
    return stopped;
  };
  cleanUp.push(stopOnce);
  for (const table of tables) await ensureTable(service, table);
  return { service, client, activity, stop: stopOnce };
}
