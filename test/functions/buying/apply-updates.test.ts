import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod/mini';

import { createHandler } from '../../../functions/buying/apply-updates.ts';
import { EventPublisher } from '../../../functions/buying/event-publisher.ts';
import { OrdersTable } from '../../../functions/buying/orders-table.ts';
import {
  cancelOrderCommand,
  fraudVerdictCommand,
  shipmentDispatchedCommand,
  type UpdateCommand,
} from '../../../shared/order/messages.ts';
import { acceptingSns, published } from '../support/accepting-messaging.ts';
import { type CapturedOutput, captureOutput } from '../support/captured-output.ts';
import { invoke } from '../support/invoke.ts';
import { type OrderTables, startOrderTables } from '../support/order-tables.ts';
import { orderIdOf, pencilOrder } from '../support/sample-order.ts';
import { fifoRecord } from '../support/sample-record.ts';

const stateSchema = z.object({ state: z.string() });
const topics = { fifo: 'arn:aws:sns:::events.fifo', standard: 'arn:aws:sns:::events' };

describe('applyUpdates', () => {
  let tables: OrderTables;
  let orders: OrdersTable;
  let output: CapturedOutput;
  let sns = acceptingSns();
  let number = 100;
  let orderId = '';

  beforeAll(async () => {
    tables = await startOrderTables();
    orders = new OrdersTable(tables.client, 'orders');
  });
  afterAll(() => tables.close());
  beforeEach(async () => {
    sns = acceptingSns();
    output = captureOutput();
    number += 1;
    orderId = orderIdOf(number);
    await orders.insert(pencilOrder(number), {
      state: 'Placed',
      at: '2026-11-22T09:30:00.000Z',
      causedBy: `${orderId}:Intake`,
      correlationId: 'test',
    });
  });
  afterEach(() => output.restore());

  const handler = createHandler(() => ({
    orders,
    events: new EventPublisher(new SNSClient({}), topics),
    now: () => new Date('2026-11-22T09:31:00.000Z'),
  }));
  const origin = (id = orderId) => ({
    orderId: id,
    requestedAt: new Date('2026-11-22T09:30:30.000Z'),
    correlationId: 'test',
  });
  const approve = () => fraudVerdictCommand(origin(), []);
  const decline = () =>
    fraudVerdictCommand(origin(), [{ rule: 'amount-over-limit', reason: 'Too much' }]);
  const cancel = () => cancelOrderCommand(origin(), 'Changed my mind');
  const dispatch = () => shipmentDispatchedCommand(origin(), 'TRK-1');
  const apply = (...commands: readonly UpdateCommand[]) =>
    invoke(handler, {
      Records: commands.map((command, place) =>
        fifoRecord(String(place), command.orderId, command),
      ),
    });
  const publishedStates = () =>
    published(sns, topics.fifo).map((event) => z.parse(stateSchema, event).state);

  it('takes an order through a verdict and a dispatch, and keeps its history', async () => {
    await apply(approve(), dispatch());

    expect(await orders.find(orderId)).toMatchObject({
      state: 'Shipped',
      history: [
        { state: 'Placed' },
        { state: 'Approved' },
        { state: 'Shipped', trackingNumber: 'TRK-1', at: '2026-11-22T09:31:00.000Z' },
      ],
    });
    expect(publishedStates()).toEqual(['Approved', 'Shipped']);
    expect(output.counts()).toMatchObject({ VerdictApproved: 1, OrdersShipped: 1 });
  });

  it('publishes a verdict with every rule that fired', async () => {
    await apply(decline());

    expect(published(sns, topics.standard)).toMatchObject([
      { state: 'Declined', reasons: [{ rule: 'amount-over-limit', reason: 'Too much' }] },
    ]);
  });

  it('publishes the same event again for a command that comes again', async () => {
    await apply(approve());
    const [first] = published(sns, topics.fifo);

    const response = await apply(approve());

    expect(response.batchItemFailures).toEqual([]);
    expect(published(sns, topics.fifo)).toEqual([first, first]);
  });

  it('lets the first verdict stand when a second one says otherwise', async () => {
    await apply(approve());

    await apply(decline());

    expect(await orders.find(orderId)).toMatchObject({ state: 'Approved' });
    expect(publishedStates()).toEqual(['Approved', 'Approved']);
  });

  it.each([
    ['a verdict on a cancelled order', [cancel, approve], 'Cancelled'],
    ['a cancellation of a shipped order', [approve, dispatch, cancel], 'Shipped'],
    ['a dispatch of a cancelled order', [approve, cancel, dispatch], 'Cancelled'],
    ['a dispatch of an order without a verdict', [dispatch], 'Placed'],
  ])('refuses %s, on purpose and without an event', async (_name, commands, state) => {
    const response = await apply(...commands.map((command) => command()));

    expect(response.batchItemFailures).toEqual([]);
    expect(await orders.find(orderId)).toMatchObject({ state });
    expect(publishedStates()).toHaveLength(commands.length - 1);
    expect(output.counts()).toMatchObject({ CommandsRefused: 1 });
    expect(output.logs()).toContainEqual(
      expect.objectContaining({ message: 'Command refused', orderId }),
    );
  });

  it('returns a command for an order that is not recorded, as a transient failure', async () => {
    const unknown = cancelOrderCommand(origin(orderIdOf(999_999)), 'No such order');

    const response = await apply(unknown);

    expect(response.batchItemFailures).toHaveLength(1);
    expect(output.logs().at(-1)).toMatchObject({
      kind: 'transient',
      error: { name: 'OrderNotRecordedError' },
    });
  });

  it('holds a later command of an order back when the event of an earlier one fails', async () => {
    sns.on(PublishBatchCommand).rejects(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));

    const response = await apply(approve(), cancel());

    expect(response.batchItemFailures).toHaveLength(2);
    expect(await orders.find(orderId)).toMatchObject({ state: 'Approved' });
  });
});
