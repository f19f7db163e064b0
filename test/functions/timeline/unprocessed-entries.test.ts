import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';

import { OrderTimelineTable } from '../../../functions/timeline/order-timeline-table.ts';
import { timelineEntry } from '../../../functions/timeline/rules.ts';
import { startOrderTables } from '../support/order-tables.ts';
import { pencilOrder, sampleEvent } from '../support/sample-order.ts';

const entry = (number: number) =>
  timelineEntry(sampleEvent(pencilOrder(number), { state: 'Placed' }));

describe('a batch of timeline entries', () => {
  let dynamodb = mockClient(DynamoDBClient);
  let waits: number[] = [];
  const timeline = new OrderTimelineTable(new DynamoDBClient({}), 'timeline', (milliseconds) =>
    Promise.resolve(waits.push(milliseconds)),
  );
  const requests = () =>
    dynamodb
      .commandCalls(BatchWriteItemCommand)
      .map((call) => call.args[0].input.RequestItems?.timeline ?? []);

  beforeEach(() => {
    dynamodb.restore();
    dynamodb = mockClient(DynamoDBClient);
    dynamodb.on(BatchWriteItemCommand).resolves({});
    waits = [];
  });

  it('is written 25 at a time, and equal entries once', async () => {
    const entries = Array.from({ length: 60 }, (_, place) => entry(place % 30));

    const deliveries = await timeline.write(entries);

    expect(requests().map(({ length }) => length)).toEqual([25, 5]);
    expect(deliveries).toHaveLength(60);
    expect(deliveries.every(({ delivered }) => delivered)).toBe(true);
  });

  it('is written again as far as DynamoDB left it unwritten', async () => {
    dynamodb
      .on(BatchWriteItemCommand)
      .callsFakeOnce(({ RequestItems }: BatchWriteItemCommand['input']) => ({
        UnprocessedItems: { timeline: RequestItems?.timeline?.slice(1) },
      }))
      .resolves({});

    const deliveries = await timeline.write([entry(1), entry(2)]);

    expect(deliveries).toEqual([{ delivered: true }, { delivered: true }]);
    expect(requests().map(({ length }) => length)).toEqual([2, 1]);
    expect(waits).toEqual([50]);
  });

  it('goes back in the part that stays unwritten after four attempts', async () => {
    dynamodb
      .on(BatchWriteItemCommand)
      .callsFake(({ RequestItems }: BatchWriteItemCommand['input']) => ({
        UnprocessedItems: { timeline: RequestItems?.timeline?.slice(-1) },
      }));

    const deliveries = await timeline.write([entry(1), entry(2)]);

    expect(deliveries).toMatchObject([
      { delivered: true },
      { delivered: false, error: { name: 'EntryUnprocessedError' } },
    ]);
    expect(waits).toEqual([50, 100, 200]);
  });

  it('loses only the entry that DynamoDB refuses a whole request for', async () => {
    dynamodb.restore();
    const tables = await startOrderTables();
    try {
      const real = new OrderTimelineTable(tables.client, 'timeline', () => Promise.resolve());
      const poison = { ...entry(5), eventId: '' };

      const deliveries = await real.write([...[1, 2, 3, 4].map(entry), poison, entry(6)]);

      expect(deliveries.map(({ delivered }) => delivered)).toEqual([
        true,
        true,
        true,
        true,
        false,
        true,
      ]);
      expect(deliveries[4]).toMatchObject({ error: { name: 'ValidationException' } });
    } finally {
      await tables.close();
    }
  });

  it('loses only the request that fails', async () => {
    dynamodb.on(BatchWriteItemCommand).rejectsOnce(new Error('throttled')).resolves({});
    const entries = Array.from({ length: 26 }, (_, place) => entry(place));

    const deliveries = await timeline.write(entries);

    expect(deliveries.filter(({ delivered }) => delivered)).toHaveLength(1);
  });
});
