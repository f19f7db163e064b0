import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';

import { CustomerActivityTable } from '../../../functions/fraud/customer-activity-table.ts';
import { type OrderTables, startOrderTables } from '../support/order-tables.ts';
import { pencilOrder } from '../support/sample-order.ts';

describe('the count of orders within ten minutes', () => {
  let tables: OrderTables;
  let activity: CustomerActivityTable;

  beforeAll(async () => {
    tables = await startOrderTables();
    activity = new CustomerActivityTable(tables.client, 'activity', 10);
  });
  afterAll(() => tables.close());

  const place = (number: number, time: string, id: string) =>
    activity.record(
      pencilOrder(number, {
        placedAt: `2026-11-22T${time}.000Z`,
        customer: { ...pencilOrder().customer, id },
      }),
    );

  it('slides over the border of two windows', async () => {
    await place(1, '09:38:00', 'sliding');
    await place(2, '09:39:00', 'sliding');

    expect(await place(3, '09:45:00', 'sliding')).toBe(3);
    expect(await place(4, '09:48:30', 'sliding')).toBe(3);
  });

  it('counts an order once, and the same, however often it is screened', async () => {
    await place(1, '09:30:00', 'repeating');
    const first = await place(2, '09:31:00', 'repeating');
    await place(3, '09:32:00', 'repeating');

    expect(await place(2, '09:31:00', 'repeating')).toBe(first);
  });

  it('counts each customer alone', async () => {
    await place(1, '09:30:00', 'one');

    expect(await place(2, '09:30:01', 'other')).toBe(1);
  });

  it('reads the set when it is full', async () => {
    const client = new DynamoDBClient({});
    const mocked = mockClient(client);
    const SS = Array.from({ length: 500 }, (_, index) => `2026-11-22T09:30:00.000Z#${index}`);
    mocked
      .on(UpdateItemCommand)
      .rejects(new ConditionalCheckFailedException({ message: 'full', $metadata: {} }));
    mocked
      .on(GetItemCommand)
      .callsFake(({ Key }: GetItemCommand['input']) =>
        Key?.window?.S === '2026-11-22T09:30:00.000Z' ? { Item: { placements: { SS } } } : {},
      );
    const order = pencilOrder(1, { placedAt: '2026-11-22T09:30:01.000Z' });

    const count = await new CustomerActivityTable(client, 'activity', 10).record(order);

    expect(count).toBe(500);
  });
});
