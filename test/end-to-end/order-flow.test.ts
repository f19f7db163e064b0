import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderIdOf, pencils, type Answer } from '../../labs/stage/shop.ts';
import { PACKAGING_TIMEOUT_MS } from '../template/packaged-template.ts';
import {
  mailed,
  NAME_PREFIX,
  placeOrder,
  runningService,
  type RunningService,
} from './running-service.ts';

let service: RunningService;

beforeAll(async () => {
  service = await runningService();
}, PACKAGING_TIMEOUT_MS);

afterAll(async () => {
  await service[Symbol.asyncDispose]();
});

const read = async (orderId: string): Promise<Answer['body']> =>
  (await service.shop.read(orderId)).body;

const history = (...states: string[]) => states.map((state) => expect.objectContaining({ state }));

describe('An order', () => {
  it('is shipped', async () => {
    // Act
    const orderId = await placeOrder(service.shop, 'shipped');
    const mail = await mailed(service.system, orderId);

    // Assess
    expect(mail).toBe(`Order ${orderId}: shipped`);
    expect(await read(orderId)).toMatchObject({
      orderId,
      state: 'Shipped',
      history: history('Placed', 'Approved', 'Shipped'),
      trackingNumber: expect.any(String),
    });
  });

  it('is declined with every rule that it breaks', async () => {
    const orderId = await placeOrder(service.shop, 'customer-13', 250);
    const mail = await mailed(service.system, orderId);

    expect(mail).toBe(`Order ${orderId}: declined`);
    expect(await read(orderId)).toMatchObject({
      state: 'Declined',
      history: [
        { state: 'Placed' },
        {
          state: 'Declined',
          reasons: expect.arrayContaining([
            expect.objectContaining({ rule: 'blocked-customer' }),
            expect.objectContaining({ rule: 'quantity-over-limit' }),
          ]),
        },
      ],
    });
  });

  it('is cancelled when the customer is faster than fraud', async () => {
    // Prepare
    const { system, shop } = service;
    const [fraud = ''] = system.eventSources.ofFunction(`${NAME_PREFIX}screenOrders`);
    await system.eventSources.pause(fraud);
    const orderId = await placeOrder(shop, 'cancelled');
    await system.activity.waitFor(
      'message-published',
      ({ subject, attributes }) => subject === orderId && attributes['State'] === 'Placed',
    );

    // Act
    const cancellation = await shop.cancel(orderId, 'Ordered by mistake');
    const mail = await mailed(system, orderId);
    system.eventSources.resume(fraud);
    const isScreening = ({
      functionName,
      subjects,
    }: {
      functionName: string;
      subjects: string[];
    }) => functionName.endsWith('screenOrders') && subjects.includes(orderId);
    const screening = await system.activity.waitFor('function-invoked', isScreening);
    await system.activity.waitFor('function-completed', isScreening);
    await system.activity.waitFor(
      'function-completed',
      ({ functionName, subjects }) =>
        functionName.endsWith('applyUpdates') && subjects.includes(orderId),
      { after: screening.sequence },
    );

    // Assess
    expect(cancellation.status).toBe(202);
    expect(mail).toBe(`Order ${orderId}: cancelled`);
    expect(await read(orderId)).toMatchObject({
      state: 'Cancelled',
      history: history('Placed', 'Cancelled'),
    });
  });

  it('is not cancelled once it has shipped', async () => {
    const orderId = await placeOrder(service.shop, 'too-late');
    await mailed(service.system, orderId);

    const cancellation = await service.shop.cancel(orderId, 'Changed my mind');

    expect(cancellation.status).toBe(409);
    expect(cancellation.contentType).toMatch('application/problem+json');
    expect(await read(orderId)).toMatchObject({ state: 'Shipped' });
  });

  it('is one order when it is sent twice with one key', async () => {
    const key = { 'idempotency-key': 'end-to-end-1' };
    const { shop, system } = service;

    const first = await shop.place(pencils('twice'), key);
    const again = await shop.place(pencils('twice'), key);
    const other = await shop.place(pencils('twice', 5), key);
    const orderId = orderIdOf(first);
    await mailed(system, orderId);

    expect(orderIdOf(again)).toBe(orderId);
    expect(other.status).toBe(422);
    expect(await read(orderId)).toMatchObject({
      history: history('Placed', 'Approved', 'Shipped'),
    });
  });
});
