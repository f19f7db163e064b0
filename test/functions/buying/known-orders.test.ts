import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod/mini';

import { createHandler as cancelHandler } from '../../../functions/buying/cancel-order.ts';
import { createHandler as getHandler } from '../../../functions/buying/get-order.ts';
import { OrderListing } from '../../../functions/buying/http/order-listing.ts';
import { createHandler as listHandler } from '../../../functions/buying/list-orders.ts';
import { OrdersTable } from '../../../functions/buying/orders-table.ts';
import { CommandQueue } from '../../../shared/messaging/sending.ts';
import type { Outcome } from '../../../shared/order/messages.ts';
import { acceptingSqs, sentInBatches } from '../support/accepting-messaging.ts';
import { type CapturedOutput, captureOutput } from '../support/captured-output.ts';
import { invoke } from '../support/invoke.ts';
import { type OrderTables, startOrderTables } from '../support/order-tables.ts';
import { orderIdOf, pencilOrder } from '../support/sample-order.ts';
import { claimsOf, httpRequest } from '../support/sample-request.ts';

const ORDERS = 5;
const pageSchema = z.object({
  orders: z.array(z.object({ orderId: z.string(), state: z.string() })),
  cursor: z.optional(z.string()),
});

const step = (outcome: Outcome, number: number) => ({
  ...outcome,
  at: '2026-11-22T09:31:00.000Z',
  causedBy: `${orderIdOf(number)}:${outcome.state}`,
  correlationId: 'test',
});

const path = (number: number) => ({ pathParameters: { orderId: orderIdOf(number) } });

/** What an answer says, whichever order it is about. */
const problemOf = ({ body = '' }: { body?: string | undefined }): unknown =>
  JSON.parse(body.replaceAll(/ORD-\w+/g, 'ORD'));

describe('orders that are recorded', () => {
  let tables: OrderTables;
  let orders: OrdersTable;
  let output: CapturedOutput;
  let sqs = acceptingSqs();

  beforeAll(async () => {
    tables = await startOrderTables();
    orders = new OrdersTable(tables.client, 'orders');
    for (let number = 1; number <= ORDERS; number += 1) {
      const placedAt = `2026-11-22T09:30:0${number}.000Z`;
      await orders.insert(pencilOrder(number, { placedAt }), step({ state: 'Placed' }, number));
    }
    await orders.take(orderIdOf(2), step({ state: 'Cancelled', reason: 'Too late' }, 2));
    await orders.take(orderIdOf(3), step({ state: 'Approved' }, 3));
    await orders.take(orderIdOf(3), step({ state: 'Shipped', trackingNumber: 'TRK-3' }, 3));
  });
  afterAll(() => tables.close());
  beforeEach(() => {
    sqs = acceptingSqs();
    output = captureOutput();
  });
  afterEach(() => output.restore());

  const cancel = (number: number, body?: object, customerId = 'customer-1036') =>
    invoke(
      cancelHandler(() => ({
        orders,
        commands: new CommandQueue(new SQSClient({}), 'https://queue.example/updates.fifo'),
        now: () => new Date('2026-11-22T09:32:00.000Z'),
      })),
      httpRequest({
        method: 'POST',
        claims: claimsOf(customerId),
        ...path(number),
        ...(body && { body, headers: { 'content-type': 'application/json' } }),
      }),
    );
  const list = async (query: Record<string, string>, customerId = 'customer-1036') => {
    const handler = listHandler(() => ({ listing: new OrderListing(tables.client, 'orders') }));
    const { body = '' } = await invoke(
      handler,
      httpRequest({ query, claims: claimsOf(customerId) }),
    );
    return z.parse(pageSchema, JSON.parse(body));
  };

  it('are shown with their history, and with nothing of how they are kept', async () => {
    const answer = await invoke(
      getHandler(() => ({ orders })),
      httpRequest(path(3)),
    );

    expect(answer.statusCode).toBe(200);
    const { orderId, customer, address, lines, total } = pencilOrder(3);
    expect(JSON.parse(answer.body ?? '')).toEqual({
      orderId,
      customer,
      address,
      lines,
      total,
      placedAt: '2026-11-22T09:30:03.000Z',
      state: 'Shipped',
      history: [
        { state: 'Placed', at: '2026-11-22T09:31:00.000Z' },
        { state: 'Approved', at: '2026-11-22T09:31:00.000Z' },
        { state: 'Shipped', at: '2026-11-22T09:31:00.000Z', trackingNumber: 'TRK-3' },
      ],
      trackingNumber: 'TRK-3',
      links: { self: `/orders/${orderId}`, cancel: `/orders/${orderId}/cancel` },
    });
  });

  it('can be asked to be cancelled, with a reason or without', async () => {
    const withReason = await cancel(1, { reason: 'Wrong pencils' });
    const without = await cancel(1);

    expect([withReason.statusCode, without.statusCode]).toEqual([202, 202]);
    expect(sentInBatches(sqs)).toMatchObject([
      { id: `${orderIdOf(1)}:Cancel`, type: 'CancelOrder', reason: 'Wrong pencils' },
      { id: `${orderIdOf(1)}:Cancel`, reason: 'Cancelled by the customer' },
    ]);
  });

  it('answer 200 when they are cancelled already, and 409 when they have shipped', async () => {
    const cancelled = await cancel(2);
    const shipped = await cancel(3);

    expect([cancelled.statusCode, shipped.statusCode]).toEqual([200, 409]);
    expect(sentInBatches(sqs)).toEqual([]);
  });

  it('answer 503 when the request to cancel could not be sent', async () => {
    sqs.on(SendMessageBatchCommand).resolves({
      Successful: [],
      Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }],
    });

    const answer = await cancel(1);

    expect(answer.statusCode).toBe(503);
  });

  it('are listed page by page, each once', async () => {
    const seen: string[] = [];
    let query: Record<string, string> = { limit: '2' };
    for (let page = 0; page <= ORDERS; page += 1) {
      const { orders: some, cursor } = await list(query);
      seen.push(...some.map(({ orderId }) => orderId));
      if (cursor === undefined) break;
      query = { limit: '2', cursor };
    }

    expect(seen.sort()).toEqual([1, 2, 3, 4, 5].map(orderIdOf));
  });

  it('are answered like unknown ones to another customer', async () => {
    // Prepare
    const get = getHandler(() => ({ orders }));
    const claims = claimsOf('customer-2');

    // Act
    const read = await invoke(get, httpRequest({ ...path(1), claims }));
    const unknown = await invoke(get, httpRequest({ ...path(99), claims }));
    const cancelled = await cancel(1, undefined, 'customer-2');

    // Assess
    expect([read, unknown, cancelled].map(({ statusCode }) => statusCode)).toEqual([404, 404, 404]);
    expect(problemOf(read)).toEqual(problemOf(unknown));
    expect(sentInBatches(sqs)).toEqual([]);
    expect((await list({}, 'customer-2')).orders).toEqual([]);
  });

  it("are listed newest first, and one customer's cursor is no good for another", async () => {
    const first = await list({ limit: '3' });
    const second = await list({ limit: '3', cursor: first.cursor ?? '' });

    expect([...first.orders, ...second.orders].map(({ orderId }) => orderId)).toEqual(
      [5, 4, 3, 2, 1].map(orderIdOf),
    );
    const handler = listHandler(() => ({ listing: new OrderListing(tables.client, 'orders') }));
    const refused = await invoke(
      handler,
      httpRequest({ query: { cursor: first.cursor ?? '' }, claims: claimsOf('customer-2') }),
    );
    expect(refused.statusCode).toBe(400);
  });
});
