import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { System } from 'template-runtime/system';
import { PACKAGING_TIMEOUT_MS } from '../template/packaged-template.ts';
import {
  NAME_PREFIX,
  PATIENCE_MS,
  placeOrder,
  runningService,
  type RunningService,
} from './running-service.ts';

/** Lambda stops a chain of requests that has invoked one function more often than this. */
const LAMBDA_STOPS_AFTER = 16;
/** The dev stage declines it. */
const BLOCKED = 'customer-13';

let service: RunningService;

beforeAll(async () => {
  service = await runningService();
}, PACKAGING_TIMEOUT_MS);
afterAll(async () => {
  await service[Symbol.asyncDispose]();
});

describe("An order's way through the loop of buying, fraud and shipping", () => {
  it.each([
    // A verdict and a dispatch.
    ['shipped', 'customer-1', 'Shipped', { screenOrders: 1, shipOrders: 1, applyUpdates: 2 }],
    ['declined', BLOCKED, 'Declined', { screenOrders: 1, shipOrders: 1, applyUpdates: 1 }],
  ])(
    'invokes each function a few times when the order is %s',
    async (_end, customerId, lastState, loop) => {
      const { system, shop } = service;

      const orderId = await placeOrder(shop, customerId);
      await Promise.all([
        handled(system, 'emailCustomers', orderId),
        ...(lastState === 'Declined' ? [handled(system, 'shipOrders', orderId)] : []),
        system.activity.waitFor(
          'item-written',
          ({ table, key }) =>
            table.endsWith('OrderTimelineTable') && (key ?? '').includes(`${orderId}:${lastState}`),
          { timeoutMs: PATIENCE_MS },
        ),
      ]);

      const counts = invocations(system, orderId);
      expect(counts).toMatchObject({ recordOrders: 1, emailCustomers: 1, ...loop });
      expect(Math.max(...Object.values(counts))).toBeLessThanOrEqual(LAMBDA_STOPS_AFTER / 4);
    },
    60_000,
  );
});

const handled = (system: System, functionName: string, orderId: string) =>
  system.activity.waitFor(
    'function-completed',
    (done) => done.functionName.endsWith(functionName) && done.subjects.includes(orderId),
    { timeoutMs: PATIENCE_MS },
  );

/** How often each function was invoked with something about the order, by the end of its name. */
function invocations(system: System, orderId: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const happened of system.activity.since()) {
    if (happened.type !== 'function-invoked' || !happened.subjects.includes(orderId)) continue;
    const name = happened.functionName.slice(NAME_PREFIX.length);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
