import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { localClientSettings } from 'template-runtime/commands';
import type { System } from 'template-runtime/system';
import { orderIdOf, pencils } from '../../labs/stage/shop.ts';
import { customerTables, eraseCustomer } from '../../shop/customer-erasure.ts';
import { PACKAGING_TIMEOUT_MS } from '../template/packaged-template.ts';
import { PATIENCE_MS, placeOrder, runningService, type RunningService } from './running-service.ts';

let service: RunningService;
let client: DynamoDBClient;

beforeAll(async () => {
  service = await runningService();
  client = new DynamoDBClient(localClientSettings(service.system.url));
}, PACKAGING_TIMEOUT_MS);
afterAll(async () => {
  await service[Symbol.asyncDispose]();
});

describe('npm run erase', () => {
  it('leaves nothing in the tables that says who the customer was', async () => {
    // Prepare
    const { system, shop } = service;
    const answer = await shop.place(pencils('leaver'), { 'idempotency-key': 'leaver-1' });
    const orderId = orderIdOf(answer);
    const other = await placeOrder(shop, 'leaver-no-more');
    await Promise.all([inTimeline(system, orderId), inTimeline(system, other)]);
    const before = await everything();
    const tracking = /TRK-\w+/.exec(JSON.stringify(about(before, orderId)))?.[0] ?? '';

    // Act
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['shop/erase.ts', '--customer', 'leaver'],
      { env: { ...process.env, AWS_ENDPOINT_URL: system.url } },
    );

    // Assess
    const after = await everything();
    expect(stdout).toBe('1 orders made anonymous, 2 records deleted.\n');
    expect(JSON.stringify(before)).toContain('"leaver"');
    expect(JSON.stringify(after)).not.toMatch(/"leaver"|leaver[@ ]|leaver-1/);
    expect(JSON.stringify(about(after, orderId))).not.toContain('12 Sample Street');
    expect(tracking).not.toBe('');
    expect(JSON.stringify(after)).not.toContain(tracking);
    expect(orderIn(after, other)).toEqual(orderIn(before, other));
    expect(orderIn(after, orderId)).toMatchObject({
      state: { S: 'Shipped' },
      total: { M: { amount: { N: '600' } } },
      order: { M: { address: { M: { country: { S: 'DE' }, city: { S: 'erased' } } } } },
    });
  }, 120_000);

  it('says which orders are under way, and leaves them as they are', async () => {
    // Prepare
    const { system, shop } = service;
    await system.faults.add({ type: 'pause-consumer', function: 'screenOrders' });
    const orderId = await placeOrder(shop, 'waiting');
    await system.activity.waitFor('item-written', ({ key }) => (key ?? '').includes(orderId));

    // Act
    const result = await eraseCustomer(client, customerTables(system.resources), 'waiting');

    // Assess
    expect(result).toMatchObject({ anonymised: [], underWay: [orderId] });
    expect(JSON.stringify(about(await everything(), orderId))).toContain('"waiting"');
  }, 60_000);
});

const inTimeline = (system: System, orderId: string) =>
  system.activity.waitFor(
    'item-written',
    ({ table, key }) =>
      table.endsWith('OrderTimelineTable') && (key ?? '').includes(`${orderId}:Shipped`),
    { timeoutMs: PATIENCE_MS },
  );

type Items = NonNullable<Awaited<ReturnType<typeof scan>>>;

const scan = async (TableName: string) =>
  (await client.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items;

/** Each table with what is in it. */
async function everything(): Promise<Record<string, Items>> {
  const tables = service.system.resources.filter(({ type }) => type === 'AWS::DynamoDB::Table');
  const contents = tables.map(async ({ logicalId, physicalId }) => [
    logicalId,
    (await scan(physicalId)) ?? [],
  ]);
  return Object.fromEntries(await Promise.all(contents));
}

const about = (tables: Record<string, Items>, orderId: string): Items =>
  Object.values(tables)
    .flat()
    .filter((item) => JSON.stringify(item).includes(orderId))
    .toSorted((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)));

const orderIn = (tables: Record<string, Items>, orderId: string) =>
  tables['OrdersTable']?.find((item) => item['orderId']?.S === orderId);
