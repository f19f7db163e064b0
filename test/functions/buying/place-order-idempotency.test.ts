import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { IdempotencyTable } from '../../../functions/buying/http/idempotency-table.ts';
import { IntakeQueue } from '../../../functions/buying/order-intake.ts';
import { createHandler } from '../../../functions/buying/place-order.ts';
import { acceptingSqs } from '../support/accepting-messaging.ts';
import { type CapturedOutput, captureOutput } from '../support/captured-output.ts';
import { invoke } from '../support/invoke.ts';
import { type OrderTables, startOrderTables } from '../support/order-tables.ts';
import { pencilRequest, placeOrderRequest } from '../support/sample-request.ts';

describe('placeOrder with an Idempotency-Key', () => {
  let sqs = acceptingSqs();
  let tables: OrderTables;
  let output: CapturedOutput;
  let now = new Date('2026-11-22T09:30:00.000Z');

  beforeAll(async () => {
    tables = await startOrderTables();
  });
  afterAll(() => tables.close());
  beforeEach(() => {
    sqs = acceptingSqs();
    output = captureOutput();
    now = new Date('2026-11-22T09:30:00.000Z');
  });
  afterEach(() => output.restore());

  const handler = createHandler(() => ({
    acceptedRequests: new IdempotencyTable(tables.client, 'idempotency'),
    intake: new IntakeQueue(new SQSClient({}), 'https://queue.example/intake'),
    now: () => now,
  }));

  const place = (key: string, body: object = pencilRequest, customerId = 'customer-1036') =>
    invoke(handler, placeOrderRequest(body, { 'idempotency-key': key }, customerId));
  const sentBodies = () =>
    sqs.commandCalls(SendMessageCommand).map((call) => call.args[0].input.MessageBody);

  it('answers a repeated request alike and sends its message once', async () => {
    const first = await place('repeated');
    now = new Date('2026-11-22T09:31:00.000Z');

    const second = await place('repeated');

    expect(second).toEqual(first);
    expect(first.statusCode).toBe(202);
    expect(sentBodies()).toHaveLength(1);
    expect(output.counts()).toMatchObject({ OrdersAccepted: 1, OrdersAcceptedAgain: 1 });
  });

  it('loses nothing when the message could not be sent the first time', async () => {
    sqs
      .on(SendMessageCommand)
      .rejectsOnce(Object.assign(new Error('busy'), { name: 'Throttling' }));
    const refused = await place('sent-late');

    const retried = await place('sent-late');

    expect(refused.statusCode).toBe(503);
    expect(refused.headers).toMatchObject({ 'retry-after': '2' });
    expect(retried.statusCode).toBe(202);
    const [unsent, sent] = sentBodies();
    expect(sent).toEqual(unsent);
  });

  it('refuses another body under the same key', async () => {
    await place('other-body');

    const answer = await place('other-body', {
      ...pencilRequest,
      lines: [{ product: 'pencil', quantity: 5 }],
    });

    expect(answer.statusCode).toBe(422);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({
      errors: [{ field: 'Idempotency-Key', rule: 'reused' }],
    });
    expect(sentBodies()).toHaveLength(1);
  });

  it('takes a body that differs only in blanks and the order of fields for the same', async () => {
    const first = await place('same-meaning');

    const { lines, address } = pencilRequest;
    const second = await place('same-meaning', {
      currency: 'EUR',
      lines,
      address: { ...address, city: ' Berlin ' },
    });

    expect(second).toEqual(first);
  });

  it("keeps one customer's keys apart from another's", async () => {
    const first = await place('shared-key');

    const other = await place('shared-key', pencilRequest, 'customer-2');

    expect(other.statusCode).toBe(202);
    expect(other.headers?.location).not.toBe(first.headers?.location);
  });

  it('forgets a key after a day, even while DynamoDB still has it', async () => {
    const first = await place('a-day-old');
    now = new Date('2026-11-23T09:30:00.000Z');

    const second = await place('a-day-old');

    expect(second.statusCode).toBe(202);
    expect(second.headers?.location).not.toBe(first.headers?.location);
  });

  it.each(['', 'with blank', 'x'.repeat(256), 'ümlaut'])('refuses the key "%s"', async (key) => {
    const answer = await place(key);

    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('Idempotency-Key');
  });
});
