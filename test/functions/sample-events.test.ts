import { readdirSync, readFileSync } from 'node:fs';

import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import * as z from 'zod/mini';

import { OrdersTable } from '../../functions/buying/orders-table.ts';
import { acceptingSns, acceptingSqs } from './support/accepting-messaging.ts';
import { type CapturedOutput, captureOutput } from './support/captured-output.ts';
import { lambdaContext } from './support/invoke.ts';
import { type OrderTables, startOrderTables } from './support/order-tables.ts';
import { pencilOrder, person } from './support/sample-order.ts';

const EVENTS = new URL('../../events/', import.meta.url);

/** What each sample leads to: a status, the places of the messages that go back, or an error. */
type Expected =
  | { readonly status: number; readonly names?: readonly string[] }
  | { readonly returned: readonly number[] }
  | { readonly throws: string }
  | { readonly mails: number };

const failed = (...returned: number[]): Expected => ({ returned });
const none = failed();

const expectations: Readonly<Record<string, Readonly<Record<string, Expected>>>> = {
  placeOrder: {
    'pencil-order': { status: 202, names: ['600', 'pencil-order-1'] },
    'with-idempotency-key': { status: 202 },
    'idempotency-key-malformed': { status: 400, names: ['Idempotency-Key'] },
    'base64-body': { status: 202, names: ['3900'] },
    'malformed-json': { status: 400 },
    'wrong-content-type': { status: 415 },
    'empty-body': { status: 400 },
    'body-too-large': { status: 413 },
    'unknown-product': { status: 400, names: ['lines[0].product', 'unknown-product'] },
    'product-twice': { status: 400, names: ['lines[1].product', 'duplicate'] },
    'own-price': { status: 400, names: ['lines[0].unitPrice', 'unknown-field'] },
    'every-field-wrong': {
      status: 400,
      names: [
        'customer',
        'address.line1',
        'address.country',
        'lines[0].quantity',
        'lines[1].quantity',
        'lines[2].quantity',
        'lines[3].quantity',
        'lines[4].quantity',
        'currency',
        'discount',
      ],
    },
    'customer-in-body': { status: 400, names: ['"customer"', 'unknown-field'] },
    'email-not-verified': { status: 403, names: ['email-not-verified'] },
    'access-token': { status: 403, names: ['identity-incomplete', '"name"', '"email"'] },
    'no-claims': { status: 500, names: ['internal-error'] },
  },
  getOrder: {
    'own-order': { status: 200, names: ['Placed'] },
    'order-of-another-customer': { status: 404, names: ['shortly'] },
    'unknown-order': { status: 404, names: ['shortly'] },
    'bad-order-id': { status: 400, names: ['orderId', 'format'] },
  },
  cancelOrder: {
    'unknown-order': { status: 404 },
    'with-reason': { status: 404 },
    'bad-order-id': { status: 400, names: ['orderId'] },
    'unknown-field': { status: 400, names: ['refund', 'unknown-field'] },
  },
  listOrders: {
    'first-page': { status: 200 },
    'next-page': { status: 200 },
    'bad-cursor': { status: 400, names: ['cursor'] },
    'cursor-of-another-customer': { status: 400, names: ['cursor'] },
    'customer-in-query': { status: 400, names: ['customerId', 'unknown-field'] },
    'bad-limit': { status: 400, names: ['limit'] },
  },
  listProducts: { 'all-products': { status: 200, names: ['Pencil', '150'] } },
  unknownRoute: {
    'unknown-path': { status: 404 },
    'unknown-method': { status: 405 },
  },
  recordOrders: {
    'pencil-order': none,
    batch: none,
    duplicate: none,
    poison: failed(1),
    'wrong-version': failed(0),
    'quantity-of-zero': failed(0),
  },
  applyUpdates: {
    approved: none,
    declined: none,
    cancel: none,
    dispatched: none,
    duplicate: none,
    'cancel-of-unknown-order': failed(0),
    'two-groups': none,
    'poison-in-one-group': failed(1, 2),
    'unknown-type': failed(0),
  },
  screenOrders: {
    'pencil-order': none,
    'amount-over-limit': none,
    'quantity-over-limit': none,
    'too-many-orders': none,
    'blocked-customer': none,
    'blocked-address': none,
    'country-address-mismatch': none,
    'several-rules': none,
    'two-groups': none,
    'unknown-state': failed(0),
  },
  shipOrders: {
    approved: none,
    cancelled: none,
    declined: none,
    duplicate: none,
    'cancelled-after-dispatch': none,
    'cancelled-before-approved': none,
    'poison-in-one-group': failed(0, 1),
  },
  emailCustomers: {
    cancelled: { mails: 1 },
    declined: { mails: 1 },
    shipped: { mails: 1 },
    'markup-in-name': { mails: 1 },
    'wrong-version': { throws: 'failed (permanent)' },
  },
  recordTimeline: {
    'sns-envelope': none,
    'raw-delivery': none,
    'every-state': none,
    duplicate: none,
    poison: failed(1, 2),
  },
};

const handlerFiles: Readonly<Record<string, string>> = {
  placeOrder: 'buying/place-order',
  getOrder: 'buying/get-order',
  cancelOrder: 'buying/cancel-order',
  listOrders: 'buying/list-orders',
  listProducts: 'buying/list-products',
  unknownRoute: 'buying/unknown-route',
  recordOrders: 'buying/record-orders',
  applyUpdates: 'buying/apply-updates',
  screenOrders: 'fraud/screen-orders',
  shipOrders: 'shipping/ship-orders',
  emailCustomers: 'email/email-customers',
  recordTimeline: 'timeline/record-timeline',
};

const environment = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  ORDERS_TABLE: 'orders',
  IDEMPOTENCY_TABLE: 'idempotency',
  ORDER_INTAKE_QUEUE_URL: 'https://queue.example/intake',
  ORDER_UPDATES_QUEUE_URL: 'https://queue.example/updates.fifo',
  ORDER_EVENTS_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:events',
  ORDER_EVENTS_FIFO_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:events.fifo',
  CUSTOMER_ACTIVITY_TABLE: 'activity',
  BLOCKED_CUSTOMERS: 'customer-13,customer-17',
  BLOCKED_ADDRESSES: 'DE|10115|Sample Street 13',
  SHIPMENTS_TABLE: 'shipments',
  SENT_EMAILS_TABLE: 'sent-emails',
  MAIL_LEASE_SECONDS: '45',
  EMAIL_SENDER: 'orders@example.com',
  ORDER_TIMELINE_TABLE: 'timeline',
};

const recordsSchema = z.object({ Records: z.array(z.object({ messageId: z.string() })) });
const responseSchema = z.object({ statusCode: z.number(), body: z.string() });
const batchSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })),
});
const moduleSchema = z.object({
  handler: z.custom<(event: unknown, context: unknown) => Promise<unknown>>(
    (value) => typeof value === 'function',
  ),
});

const samples = Object.keys(handlerFiles).flatMap((name) =>
  readdirSync(new URL(`${name}/`, EVENTS)).map(
    (file) => [name, file.replace('.json', '')] as const,
  ),
);

describe('the sample events', () => {
  const before = { ...process.env };
  const ses = mockClient(SESv2Client);
  let tables: OrderTables;
  let output: CapturedOutput;

  beforeAll(async () => {
    tables = await startOrderTables();
    Object.assign(process.env, environment, { AWS_ENDPOINT_URL_DYNAMODB: tables.url });
    acceptingSns();
    acceptingSqs();
    const orders = new OrdersTable(tables.client, 'orders');
    for (const number of [11, 12, 13, 14]) {
      const order = pencilOrder(number);
      const step = {
        at: order.placedAt,
        causedBy: `${order.orderId}:Intake`,
        correlationId: 'seed',
      };
      await orders.insert(order, { ...step, state: 'Placed' });
    }
  });
  afterAll(async () => {
    process.env = before;
    await tables.close();
  });
  beforeEach(() => {
    ses.reset();
    ses.on(SendEmailCommand).resolves({ MessageId: 'mail' });
    output = captureOutput();
  });
  afterEach(() => output.restore());

  it('are all expected to lead somewhere, and none is missing', () => {
    const expected = Object.entries(expectations).flatMap(([name, files]) =>
      Object.keys(files).map((file) => `${name}/${file}`),
    );
    expect(samples.map((sample) => sample.join('/')).sort()).toEqual(expected.sort());
  });

  it.each(samples)('%s: %s', async (name, file) => {
    const event: unknown = JSON.parse(
      readFileSync(new URL(`${name}/${file}.json`, EVENTS), 'utf8'),
    );
    const expected = expectations[name]?.[file];
    const imported: unknown = await import(`../../functions/${handlerFiles[name]}.ts`);
    const { handler } = z.parse(moduleSchema, imported);

    const outcome = await handler(event, lambdaContext()).catch((error: unknown) => error);

    expect(seen(event, outcome, expected, ses.commandCalls(SendEmailCommand).length)).toEqual(
      expected,
    );
    for (const personal of [person.name, person.email, 'Sample Street']) {
      expect(output.text()).not.toContain(personal);
    }
  });
});

/** The outcome in the terms of the expectation. */
function seen(event: unknown, outcome: unknown, expected: Expected | undefined, mails: number) {
  if (outcome instanceof Error) {
    const part = expected && 'throws' in expected ? expected.throws : '';
    return { throws: outcome.message.includes(part) ? part : outcome.message };
  }
  if (outcome === undefined) return { mails };
  const batch = z.safeParse(batchSchema, outcome);
  if (batch.success) {
    const ids = z.parse(recordsSchema, event).Records.map(({ messageId }) => messageId);
    const returned = batch.data.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    return { returned: returned.map((id) => ids.indexOf(id)).sort((one, other) => one - other) };
  }
  const { statusCode, body } = z.parse(responseSchema, outcome);
  if (!expected || !('names' in expected)) return { status: statusCode };
  const text = `${body} ${JSON.stringify(outcome)}`;
  return { status: statusCode, names: expected.names?.filter((part) => text.includes(part)) };
}
