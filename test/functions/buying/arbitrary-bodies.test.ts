import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { createHandler as cancelHandler } from '../../../functions/buying/cancel-order.ts';
import { IdempotencyTable } from '../../../functions/buying/http/idempotency-table.ts';
import { IntakeQueue } from '../../../functions/buying/order-intake.ts';
import { OrdersTable } from '../../../functions/buying/orders-table.ts';
import { createHandler as placeHandler } from '../../../functions/buying/place-order.ts';
import { CommandQueue } from '../../../shared/messaging/sending.ts';
import { acceptingSqs } from '../support/accepting-messaging.ts';
import { type CapturedOutput, captureOutput } from '../support/captured-output.ts';
import { invoke } from '../support/invoke.ts';
import { orderIdOf } from '../support/sample-order.ts';
import { httpRequest, pencilRequest, placeOrderRequest } from '../support/sample-request.ts';

const place = placeHandler(() => ({
  acceptedRequests: new IdempotencyTable(new DynamoDBClient({}), 'idempotency'),
  intake: new IntakeQueue(new SQSClient({}), 'https://queue.example/intake'),
  now: () => new Date('2026-11-22T09:30:00.000Z'),
}));
const cancel = cancelHandler(() => ({
  orders: Object.assign(new OrdersTable(new DynamoDBClient({}), 'orders'), {
    find: () => Promise.resolve(undefined),
  }),
  commands: new CommandQueue(new SQSClient({}), 'https://queue.example/updates.fifo'),
  now: () => new Date('2026-11-22T09:30:00.000Z'),
}));

/** Where a value can stand in the body of POST /orders. */
const fields: readonly (readonly string[])[] = [
  ...[...Object.keys(pencilRequest.address), 'line2'].map((name) => ['address', name]),
  ['customer'],
  ['address'],
  ['lines'],
  ['lines', '0'],
  ['lines', '0', 'product'],
  ['lines', '0', 'quantity'],
  ['currency'],
];

/** Objects that look like what a check expects, beside any other JSON. */
const lookalike = fc.dictionary(
  fc.constantFrom('length', 'size', 'toString', 'valueOf', 'constructor', '__proto__'),
  fc.jsonValue({ maxDepth: 2 }),
);
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  lookalike,
  fc.dictionary(fc.constantFrom('length', 'size'), lookalike),
);

function withField(path: readonly string[], value: unknown): object {
  const body: Record<string, unknown> = structuredClone(pencilRequest);
  let target: Record<string, unknown> = body;
  for (const name of path.slice(0, -1)) target = Object(target[name]);
  target[path.at(-1) ?? ''] = value;
  return body;
}

describe('whatever JSON a request brings', () => {
  let output: CapturedOutput;
  beforeEach(() => {
    acceptingSqs();
    output = captureOutput();
  });
  afterEach(() => output.restore());

  it.each(['city', 'line1'])('a %s that only has a length is refused', async (field) => {
    const value = { length: { toString: 1 } };

    const answer = await invoke(place, placeOrderRequest(withField(['address', field], value)));

    expect(answer.statusCode).toBe(400);
    expect(Object(JSON.parse(answer.body ?? '')).errors).toEqual([
      { field: `address.${field}`, rule: 'type', detail: 'must be of type string' },
    ]);
  });

  it('an order is accepted or refused by a 400, in every field', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), anything, async (path, value) => {
        const answer = await invoke(place, placeOrderRequest(withField(path, value)));

        expect([202, 400]).toContain(answer.statusCode);
      }),
      { numRuns: 500 },
    );
  });

  it('a cancellation is looked at or refused by a 400', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, fc.record({ reason: anything })), async (body) => {
        const answer = await invoke(
          cancel,
          httpRequest({
            method: 'POST',
            pathParameters: { orderId: orderIdOf(1) },
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
        );

        expect([400, 404]).toContain(answer.statusCode);
      }),
      { numRuns: 300 },
    );
  });
});
