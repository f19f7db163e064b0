import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { EventPublisher } from '../../../functions/buying/event-publisher.ts';
import { OrdersTable } from '../../../functions/buying/orders-table.ts';
import { createHandler } from '../../../functions/buying/record-orders.ts';
import { acceptingSns, published } from '../support/accepting-messaging.ts';
import { type CapturedOutput, captureOutput } from '../support/captured-output.ts';
import { invoke } from '../support/invoke.ts';
import { type OrderTables, startOrderTables } from '../support/order-tables.ts';
import { pencilOrder, sampleIntake } from '../support/sample-order.ts';
import { sqsRecord } from '../support/sample-record.ts';

const topics = { fifo: 'arn:aws:sns:::events.fifo', standard: 'arn:aws:sns:::events' };

describe('recordOrders', () => {
  let tables: OrderTables;
  let output: CapturedOutput;
  let sns = acceptingSns();

  beforeAll(async () => {
    tables = await startOrderTables();
  });
  afterAll(() => tables.close());
  beforeEach(() => {
    sns = acceptingSns();
    output = captureOutput();
  });
  afterEach(() => output.restore());

  const handler = createHandler(() => ({
    orders: new OrdersTable(tables.client, 'orders'),
    events: new EventPublisher(new SNSClient({}), topics),
  }));

  it('writes first, then publishes to the FIFO topic and to the standard one', async () => {
    const order = pencilOrder(1);

    const response = await invoke(handler, { Records: [sqsRecord('m1', sampleIntake(order))] });

    expect(response).toEqual({ batchItemFailures: [] });
    const calls = sns.commandCalls(PublishBatchCommand).map((call) => call.args[0].input);
    expect(calls.map(({ TopicArn }) => TopicArn)).toEqual([topics.fifo, topics.standard]);
    expect(calls[0]?.PublishBatchRequestEntries?.[0]).toMatchObject({
      MessageGroupId: order.orderId,
      MessageDeduplicationId: `${order.orderId}:Placed`,
      MessageAttributes: { State: { DataType: 'String', StringValue: 'Placed' } },
    });
    expect(published(sns, topics.standard)).toEqual([
      expect.objectContaining({ id: `${order.orderId}:Placed`, state: 'Placed', order }),
    ]);
  });

  it('returns only the message whose event was refused, and publishes it when it comes again', async () => {
    sns.on(PublishBatchCommand, { TopicArn: topics.standard }).resolvesOnce({
      Successful: [{ Id: '0', MessageId: '1', SequenceNumber: '1' }],
      Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }],
    });
    const [kept, refused] = [pencilOrder(2), pencilOrder(3)];
    const Records = [
      sqsRecord('kept', sampleIntake(kept)),
      sqsRecord('back', sampleIntake(refused)),
    ];

    const first = await invoke(handler, { Records });
    sns = acceptingSns();
    const second = await invoke(handler, { Records: Records.slice(1) });

    expect(first).toEqual({ batchItemFailures: [{ itemIdentifier: 'back' }] });
    expect(second).toEqual({ batchItemFailures: [] });
    expect(published(sns, topics.standard)).toMatchObject([{ id: `${refused.orderId}:Placed` }]);
    expect(output.counts()).toMatchObject({ OrdersRecorded: 2, TransientFailures: 1 });
  });

  it('keeps an event from the standard topic that the FIFO topic refuses', async () => {
    sns
      .on(PublishBatchCommand, { TopicArn: topics.fifo })
      .rejects(Object.assign(new Error('slow down'), { name: 'ThrottledException' }));

    const response = await invoke(handler, {
      Records: [sqsRecord('m1', sampleIntake(pencilOrder(4)))],
    });

    expect(response.batchItemFailures).toHaveLength(1);
    expect(published(sns, topics.standard)).toEqual([]);
  });

  it('refuses another order under an id that is taken', async () => {
    const order = pencilOrder(5);
    await invoke(handler, { Records: [sqsRecord('m1', sampleIntake(order))] });
    const other = pencilOrder(5, { placedAt: '2026-11-22T10:00:00.000Z' });

    const response = await invoke(handler, { Records: [sqsRecord('m2', sampleIntake(other))] });

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
    expect(output.logs().at(-1)).toMatchObject({
      kind: 'permanent',
      error: { name: 'OrderConflictError', identifiers: { orderId: order.orderId } },
    });
  });

  it('logs each message under its own correlation id', async () => {
    const records = ['first', 'second'].map((id, place) =>
      sqsRecord(id, sampleIntake(pencilOrder(6 + place), id), {
        attributes: { CorrelationId: id, OrderId: pencilOrder(6 + place).orderId },
      }),
    );

    await invoke(handler, { Records: [...records, sqsRecord('third', 'poison')] });

    const ids = output.logs().map(({ messageId, correlationId }) => ({ messageId, correlationId }));
    expect(ids).toHaveLength(3);
    for (const id of ['first', 'second', 'third']) {
      expect(ids).toContainEqual({ messageId: id, correlationId: id });
    }
  });
});
