import { afterEach, describe, expect, it } from '@jest/globals';
import { Shop } from '../system/shop-system.ts';
import { faultyShop, strikesIn } from './faulty-shop.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

describe('deliveries', () => {
  it('come twice', async () => {
    const { system, place, written } = await faultyShop(shop);
    await system.faults.add({ type: 'deliver-twice', queue: 'Orders' });

    await place('ORD-1');

    await written('ORD-1', 2);
    expect(strikesIn(system)).toEqual(['a message comes twice']);
  });

  it('come late', async () => {
    const { system, place, written } = await faultyShop(shop);
    await system.faults.add({ type: 'delay-deliveries', queue: 'Orders', times: 1 });

    await place('ORD-1');
    await place('ORD-2');

    await written('ORD-1');
    const order = system.activity
      .since()
      .flatMap((each) => (each.type === 'item-written' ? (each.key ?? []) : []));
    expect(order).toEqual(['ORD-2', 'ORD-1']);
  });

  it('come out of order', async () => {
    // Prepare
    const { system, place, written } = await faultyShop(shop);
    await system.faults.add({ type: 'pause-consumer', function: 'recordOrders' });
    for (const order of ['ORD-1', 'ORD-2', 'ORD-3']) await place(order);
    await system.faults.add({ type: 'reorder-queue', queue: 'Orders', rate: 0.01 });

    // Act
    await system.faults.end('1');

    // Assess
    for (const order of ['ORD-1', 'ORD-2', 'ORD-3']) await written(order);
    const order = system.activity
      .since()
      .flatMap((each) => (each.type === 'item-written' ? (each.key ?? []) : []));
    expect(order).not.toEqual(['ORD-1', 'ORD-2', 'ORD-3']);
  });

  it('fail after the handler has done its work', async () => {
    const { system, place, written } = await faultyShop(shop);
    await system.faults.add({
      type: 'fail-invocations',
      function: 'recordOrders',
      when: 'after',
      times: 1,
    });

    await place('ORD-1');

    await written('ORD-1', 2);
    const [answer] = system.activity
      .since()
      .flatMap((each) => (each.type === 'batch-answered' ? [each.failedMessageIds.length] : []));
    expect(answer).toBe(1);
  });

  it('of poison end in the dead-letter queue', async () => {
    const { system } = await faultyShop(shop);
    await system.faults.add({
      type: 'fail-requests',
      service: 'dynamodb',
      status: 400,
      code: 'ValidationException',
    });

    await system.faults.add({ type: 'send-poison', queue: 'Orders', body: 'poison' });

    const letter = await system.activity.waitFor('message-dead-lettered');
    expect(letter.from).toContain('Orders');
  });
});
