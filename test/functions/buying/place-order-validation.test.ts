import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { IdempotencyTable } from '../../../functions/buying/http/idempotency-table.ts';
import { orderFrom } from '../../../functions/buying/http/order-resource.ts';
import { IntakeQueue } from '../../../functions/buying/order-intake.ts';
import { createHandler } from '../../../functions/buying/place-order.ts';
import { acceptingSqs } from '../support/accepting-messaging.ts';
import { type CapturedOutput, captureOutput } from '../support/captured-output.ts';
import { invoke } from '../support/invoke.ts';
import { pencilOrder } from '../support/sample-order.ts';
import { pencilRequest, placeOrderRequest } from '../support/sample-request.ts';

const handler = createHandler(() => ({
  acceptedRequests: new IdempotencyTable(new DynamoDBClient({}), 'idempotency'),
  intake: new IntakeQueue(new SQSClient({}), 'https://queue.example/intake'),
  now: () => new Date('2026-11-22T09:30:00.000Z'),
}));

const line = (quantity: unknown) => ({
  ...pencilRequest,
  lines: [{ product: 'pencil', quantity }],
});
const address = (changes: object) => ({
  ...pencilRequest,
  address: { ...pencilRequest.address, ...changes },
});

const infinite = JSON.stringify(line(4)).replace('"quantity":4', '"quantity":1e999');

describe('placeOrder', () => {
  let output: CapturedOutput;
  beforeEach(() => {
    acceptingSqs();
    output = captureOutput();
  });
  afterEach(() => output.restore());

  it.each<[string, object | string, string, string]>([
    ['a quantity of zero', line(0), 'lines[0].quantity', 'minimum'],
    ['a negative quantity', line(-1), 'lines[0].quantity', 'minimum'],
    ['a fractional quantity', line(1.5), 'lines[0].quantity', 'integer'],
    ['a huge quantity', line(1_001), 'lines[0].quantity', 'maximum'],
    ['a quantity beyond what is exact', line(1e300), 'lines[0].quantity', 'maximum'],
    ['a quantity that is read as infinity', infinite, 'lines[0].quantity', 'finite'],
    ['a quantity as text', line('4'), 'lines[0].quantity', 'type'],
    ['no quantity', line(undefined), 'lines[0].quantity', 'required'],
    ['no lines', { ...pencilRequest, lines: [] }, 'lines', 'minimum'],
    ['lines that are no list', { ...pencilRequest, lines: {} }, 'lines', 'type'],
    ['another currency', { ...pencilRequest, currency: 'USD' }, 'currency', 'allowed-values'],
    ['an unknown country', address({ country: 'XX' }), 'address.country', 'country'],
    ['an empty street', address({ line1: '  ' }), 'address.line1', 'minimum'],
    ['a line break in a city', address({ city: 'Ber\nlin' }), 'address.city', 'format'],
    [
      'a customer',
      { ...pencilRequest, customer: { id: 'customer-2' } },
      'customer',
      'unknown-field',
    ],
    ['an array', [], 'body', 'type'],
    ['null', 'null', 'body', 'type'],
    ['malformed JSON', '{', 'body', 'json'],
    ['an empty body', '', 'body', 'required'],
  ])('refuses %s and names the field and the rule', async (_name, body, field, rule) => {
    const answer = await invoke(handler, placeOrderRequest(body));

    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({
      status: 400,
      errors: expect.arrayContaining([expect.objectContaining({ field, rule })]),
    });
  });

  it.each([
    ['application/json; charset=utf-8', 202],
    ['application/vnd.orders+json', 202],
    ['application/json; charset=latin1', 415],
    ['text/plain', 415],
  ])('answers a body of type %s with %i', async (type, status) => {
    const answer = await invoke(
      handler,
      placeOrderRequest(pencilRequest, { 'content-type': type }),
    );

    expect(answer.statusCode).toBe(status);
  });

  it('names a rule once for a field that breaks it in two ways', async () => {
    const answer = await invoke(handler, placeOrderRequest(line(1e300)));

    expect(Object(JSON.parse(answer.body ?? '')).errors).toEqual([
      { field: 'lines[0].quantity', rule: 'maximum', detail: 'must be at most 1000' },
    ]);
  });

  it.each([
    [413, 'body', 'maximum', placeOrderRequest('x'.repeat(1024 * 1024))],
    [415, 'Content-Type', 'format', placeOrderRequest(pencilRequest, { 'content-type': 'a/b' })],
  ])('answers %i and names %s and the rule', async (status, field, rule, request) => {
    const answer = await invoke(handler, request);

    expect(JSON.parse(answer.body ?? '')).toMatchObject({ status, errors: [{ field, rule }] });
  });

  it('names a hundred problems at most', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, 1]));

    const answer = await invoke(handler, placeOrderRequest({ ...pencilRequest, ...unknown }));

    expect(Object(JSON.parse(answer.body ?? '')).errors).toHaveLength(100);
  });
});

describe('an order from a request', () => {
  it('can not be of a product that is not in the catalog', () => {
    const request = { ...pencilRequest, lines: [{ product: 'unicorn', quantity: 1 }] };

    const { customer } = pencilOrder();
    expect(() => orderFrom(customer, { ...request, currency: 'EUR' }, 'ORD-1', new Date())).toThrow(
      'unicorn is not in the catalog',
    );
  });
});
