import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { createHandler } from '../../../functions/shipping/ship-orders.ts';
import { ShipmentsTable } from '../../../functions/shipping/shipments-table.ts';
import { CommandQueue } from '../../../shared/messaging/sending.ts';
import type { Outcome } from '../../../shared/order/messages.ts';
import { acceptingSqs, sentInBatches } from '../support/accepting-messaging.ts';
import { type CapturedOutput, captureOutput } from '../support/captured-output.ts';
import { invoke } from '../support/invoke.ts';
import { type OrderTables, startOrderTables } from '../support/order-tables.ts';
import { orderIdOf, pencilOrder, sampleEvent } from '../support/sample-order.ts';
import { fifoRecord } from '../support/sample-record.ts';

describe('shipOrders', () => {
  let tables: OrderTables;
  let shipments: ShipmentsTable;
  let output: CapturedOutput;
  let sqs = acceptingSqs();
  let allocated = 0;

  beforeAll(async () => {
    tables = await startOrderTables();
    shipments = new ShipmentsTable(tables.client, 'shipments');
  });
  afterAll(() => tables.close());
  beforeEach(() => {
    sqs = acceptingSqs();
    output = captureOutput();
  });
  afterEach(() => output.restore());

  const handler = createHandler(() => ({
    shipments,
    commands: new CommandQueue(new SQSClient({}), 'https://queue.example/updates.fifo'),
    newTrackingNumber: () => `TRK-${(allocated += 1)}`,
    now: () => new Date('2026-11-22T09:31:00.000Z'),
  }));
  const ship = (number: number, ...outcomes: readonly Outcome[]) =>
    invoke(handler, {
      Records: outcomes.map((outcome, place) =>
        fifoRecord(String(place), orderIdOf(number), sampleEvent(pencilOrder(number), outcome)),
      ),
    });
  const cancelled: Outcome = { state: 'Cancelled', reason: 'Changed my mind' };

  it('tells of the same tracking number again when the first word of it was refused', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({
        Successful: [],
        Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }],
      })
      .resolves({ Successful: [{ Id: '0', MessageId: 'sent', MD5OfMessageBody: '' }], Failed: [] });

    const first = await ship(1, { state: 'Approved' });
    const second = await ship(1, { state: 'Approved' });

    expect(first.batchItemFailures).toHaveLength(1);
    expect(second.batchItemFailures).toEqual([]);
    const [sent, again] = sentInBatches(sqs);
    expect(again).toEqual(sent);
    expect(output.counts()).toMatchObject({ ShipmentsDispatched: 1 });
  });

  it('ships nothing that was called off before', async () => {
    await ship(2, cancelled, { state: 'Approved' });

    expect(await shipments.find(orderIdOf(2))).toEqual({ state: 'Stopped' });
    expect(sentInBatches(sqs)).toEqual([]);
  });

  it('recalls what was called off after its dispatch, once', async () => {
    await ship(3, { state: 'Approved' }, cancelled, cancelled);

    expect(await shipments.find(orderIdOf(3))).toMatchObject({ state: 'Recalled' });
    expect(output.counts()).toMatchObject({ ShipmentsRecalled: 1 });
  });

  it('returns a message when another one changed the shipment meanwhile', async () => {
    await ship(4, { state: 'Approved' });
    const racing = createHandler(() => ({
      shipments: Object.assign(new ShipmentsTable(tables.client, 'shipments'), {
        recall: () => Promise.resolve(false),
      }),
      commands: new CommandQueue(new SQSClient({}), 'https://queue.example/updates.fifo'),
      newTrackingNumber: () => 'TRK-never',
      now: () => new Date(),
    }));

    const response = await invoke(racing, {
      Records: [fifoRecord('late', orderIdOf(4), sampleEvent(pencilOrder(4), cancelled))],
    });

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'late' }] });
    expect(output.logs().at(-1)).toMatchObject({ kind: 'transient' });
  });
});
