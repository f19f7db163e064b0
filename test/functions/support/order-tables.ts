import { once } from 'node:events';

import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';

const string = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const });
const hash = (name: string) => ({ AttributeName: name, KeyType: 'HASH' as const });
const range = (name: string) => ({ AttributeName: name, KeyType: 'RANGE' as const });

const tables: readonly CreateTableCommandInput[] = [
  {
    TableName: 'orders',
    AttributeDefinitions: [string('orderId'), string('customerId'), string('placedAt')],
    KeySchema: [hash('orderId')],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byCustomer',
        KeySchema: [hash('customerId'), range('placedAt')],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  },
  keyedBy('idempotency', 'idempotencyKey'),
  keyedBy('activity', 'customerId', 'window'),
  keyedBy('shipments', 'orderId'),
  keyedBy('sent-emails', 'eventId'),
  keyedBy('timeline', 'orderId', 'eventId'),
];

function keyedBy(table: string, partition: string, sort?: string): CreateTableCommandInput {
  return {
    TableName: table,
    AttributeDefinitions: [string(partition), ...(sort === undefined ? [] : [string(sort)])],
    KeySchema: [hash(partition), ...(sort === undefined ? [] : [range(sort)])],
  };
}

export interface OrderTables {
  readonly client: DynamoDBClient;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The tables of the order system in a DynamoDB emulator of their own, on a free port. */
export async function startOrderTables(): Promise<OrderTables> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given');
  const url = `http://127.0.0.1:${address.port}`;
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  for (const table of tables) {
    await client.send(new CreateTableCommand({ ...table, BillingMode: 'PAY_PER_REQUEST' }));
  }
  return {
    client,
    url,
    close: async () => {
      client.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
