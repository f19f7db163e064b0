import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { mockClient } from 'aws-sdk-client-mock';

import { CustomerActivityTable } from '../../../functions/fraud/customer-activity-table.ts';
import { mostWithinWindow, placement } from '../../../functions/fraud/rules.ts';
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

  it('counts an order once, however often it is screened', async () => {
    await place(1, '09:30:00', 'repeating');
    const first = await place(2, '09:31:00', 'repeating');

    expect(await place(2, '09:31:00', 'repeating')).toBe(first);
  });

  it('lets five of ten orders pass that are screened at the same time', async () => {
    const counts = await Promise.all(
      Array.from({ length: 10 }, (_, number) => place(number, '09:39:59', 'at-once')),
    );

    expect(counts.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('lets five of twenty orders pass that are screened newest first', async () => {
    const counts: number[] = [];
    for (let second = 19; second >= 0; second -= 1) {
      const time = `09:30:${String(second).padStart(2, '0')}`;
      counts.push(await place(second, time, 'newest-first'));
    }

    expect(counts.filter((count) => count <= 5)).toHaveLength(5);
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

describe('the limit on orders within a window', () => {
  const LIMIT = 3;
  const minutes = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 20 });

  it('is kept in every window, in whatever sequence the orders are screened', () => {
    fc.assert(
      fc.property(minutes, (sequence) => {
        const start = Date.parse('2026-11-22T09:00:00.000Z');
        const known: string[] = [];
        const approved: number[] = [];
        const counts: number[] = [];
        for (const [place, minute] of sequence.entries()) {
          const placedAt = new Date(start + minute * 60_000).toISOString();
          known.push(placement(placedAt, String(place)));
          const count = mostWithinWindow(known, placedAt, 10);
          if (count <= LIMIT) approved.push(minute);
          counts.push(count);
        }
        expect(Math.max(...counts.slice(0, LIMIT))).toBeLessThanOrEqual(LIMIT);
        for (const end of approved) {
          const within = approved.filter((minute) => minute > end - 10 && minute <= end);
          expect(within.length).toBeLessThanOrEqual(LIMIT);
        }
      }),
    );
  });
});
