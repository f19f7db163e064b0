import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderBody, orderIdOf, pencils } from '../../labs/stage/shop.ts';
import { PACKAGING_TIMEOUT_MS } from '../template/packaged-template.ts';
import { mailed, placeOrder, runningService, type RunningService } from './running-service.ts';

let service: RunningService;

beforeAll(async () => {
  service = await runningService();
}, PACKAGING_TIMEOUT_MS);

afterAll(async () => {
  await service[Symbol.asyncDispose]();
});

const ordering = (headers: Record<string, string>, body = orderBody(pencils('caller'))) =>
  fetch(`${service.system.url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

const tokenOf = async (request: object = {}): Promise<string> =>
  (await service.system.issueToken({ sub: 'caller', ...request })).idToken;

const claims = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

describe('A caller', () => {
  it.each([
    ['POST', '/orders'],
    ['GET', '/orders'],
    ['GET', '/orders/ORD-01KANB7XE00000000000000001'],
    ['POST', '/orders/ORD-01KANB7XE00000000000000001/cancel'],
  ])('without a token is refused at %s %s', async (method, path) => {
    const response = await fetch(`${service.system.url}${path}`, { method });

    expect(response.status).toBe(401);
  });

  it.each([
    ['/products', 200],
    ['/invoices', 404],
  ])('without a token is answered at %s', async (path, status) => {
    expect((await fetch(`${service.system.url}${path}`)).status).toBe(status);
  });

  it.each<[string, () => Promise<string>]>([
    ['has expired', () => tokenOf({ expiresInSeconds: -1 })],
    [
      'is forged',
      async () => {
        const token = await tokenOf();
        const [header, , signature] = token.split('.');
        const forged = JSON.stringify({ ...claims(token), sub: 'somebody-else' });
        return [header, Buffer.from(forged).toString('base64url'), signature].join('.');
      },
    ],
  ])('whose token %s is refused', async (_, token) => {
    const response = await ordering({ authorization: `Bearer ${await token()}` });

    expect(response.status).toBe(401);
  });

  it('can not say in the body who orders', async () => {
    const body = JSON.stringify({
      ...JSON.parse(orderBody(pencils('caller'))),
      customer: { id: 'somebody-else', name: 'Eve', email: 'victim@example.com' },
    });
    const response = await ordering({ authorization: `Bearer ${await tokenOf()}` }, body);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ field: 'customer', rule: 'unknown-field' }],
    });
  });

  it('whose address is not verified can not order, and reads', async () => {
    const authorization = `Bearer ${await tokenOf({ emailVerified: false })}`;

    const refused = await ordering({ authorization });
    const read = await fetch(`${service.system.url}/orders`, { headers: { authorization } });

    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      type: 'urn:order-messaging:problem:email-not-verified',
    });
    expect(read.status).toBe(200);
  });
});

describe("Another customer's order", () => {
  it('is neither seen, listed nor cancelled, and its owner is mailed', async () => {
    // Prepare
    const { shop, system } = service;
    const orderId = await placeOrder(shop, 'owner');
    const other = await placeOrder(shop, 'other');
    await Promise.all([mailed(system, orderId), mailed(system, other)]);

    // Act
    const read = await shop.read(orderId, 'other');
    const cancelled = await shop.cancel(orderId, 'Not mine', 'other');
    const [ofOwner, ofOther] = await Promise.all([shop.list('owner'), shop.list('other')]);

    // Assess
    expect([read.status, cancelled.status]).toEqual([404, 404]);
    expect(ofOwner.body).toMatchObject({ orders: [{ orderId, customerId: 'owner' }] });
    expect(ofOther.body).toMatchObject({ orders: [{ orderId: other, customerId: 'other' }] });
    const mails = system.emails.emails().filter(({ subject }) => subject.includes(orderId));
    expect(mails.map(({ to }) => to)).toEqual([['owner@example.com']]);
  });

  it('has nothing to do with an Idempotency-Key of mine', async () => {
    const { shop } = service;
    const key = { 'idempotency-key': 'the-same' };

    const mine = await shop.place(pencils('mine'), key);
    const theirs = await shop.place(pencils('theirs'), key);

    expect([mine.status, theirs.status]).toEqual([202, 202]);
    expect(orderIdOf(theirs)).not.toBe(orderIdOf(mine));
  });
});
