import { afterEach, describe, expect, it } from '@jest/globals';
import { Shop } from '../system/shop-system.ts';
import { faultyShop, strikesIn } from './faulty-shop.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

describe('an environment that is killed', () => {
  it.each([
    ['before', 1],
    ['during', 2],
    ['after', 2],
  ] as const)('%s its request writes %i times in the end', async (when, writes) => {
    // Prepare
    const { system, place, written } = await faultyShop(shop);
    await system.faults.add({
      type: 'kill-environment',
      function: 'RecordOrders',
      service: 'dynamodb',
      action: 'PutItem',
      when,
      times: 1,
    });

    // Act
    await place('ORD-1');
    const failure = await system.activity.waitFor('function-failed');
    await written('ORD-1', writes);
    await system.activity.waitFor('message-deleted');

    // Assess
    expect(failure.errorType).toBe('Runtime.ExitError');
    expect(strikesIn(system)).toEqual([`PutItem is killed ${when} it`]);
    expect(system.faults.list()).toEqual([]);
    const all = system.activity.since().filter(({ type }) => type === 'item-written');
    expect(all).toHaveLength(writes);
  });

  it('is killed at the request that was asked for', async () => {
    // Prepare
    const { system, place, written } = await faultyShop(shop);
    await system.faults.add({ type: 'pause-consumer', function: 'recordOrders' });
    for (const order of ['ORD-1', 'ORD-2', 'ORD-3']) await place(order);
    await system.faults.add({
      type: 'kill-environment',
      function: 'recordOrders',
      call: 3,
      times: 1,
    });

    // Act
    await system.faults.end('1');
    await system.activity.waitFor('fault-struck', ({ kind }) => kind === 'kill-environment');

    // Assess
    const before = system.activity.since().filter(({ type }) => type === 'item-written');
    expect(before).toHaveLength(2);
    await written('ORD-3');
  });
});

describe('an environment that freezes', () => {
  it('runs into the timeout of its function', async () => {
    // Prepare
    const { system, place, written } = await faultyShop(shop);
    await system.faults.add({ type: 'freeze-environment', function: 'recordOrders', times: 1 });

    // Act
    await place('ORD-1');

    // Assess
    const failure = await system.activity.waitFor('function-failed');
    expect(failure.errorType).toBe('Sandbox.Timedout');
    await written('ORD-1');
  });
});
