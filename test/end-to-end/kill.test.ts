import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { Shop } from '../../labs/stage/shop.ts';
import type { System } from 'template-runtime/system';
import { PACKAGING_TIMEOUT_MS, packagedService } from '../template/packaged-template.ts';
import {
  impatientTemplate,
  PATIENCE_MS,
  placeOrder,
  runningService,
  temporaryFolder,
} from './running-service.ts';

const ORDERS = 60;
const ENDS = ['Shipped', 'Declined', 'Cancelled'];

/** A service that keeps its state in `dataDir`, in a process that can be killed. */
async function killableService(
  dataDir: string,
): Promise<{ url: string; kill: () => Promise<void> }> {
  const program = join(import.meta.dirname, 'service-process.ts');
  const child = spawn(process.execPath, [program, dataDir], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

interface AcceptedOrder {
  orderId: string;
  customerId: string;
}

/** Resolves with the state of each order once all have come to their end. */
async function finalStates(
  system: System,
  orders: AcceptedOrder[],
): Promise<(string | undefined)[]> {
  const shop = new Shop(system.url);
  const stateOf = async ({ orderId, customerId }: AcceptedOrder): Promise<string | undefined> => {
    const { body } = await shop.read(orderId, customerId);
    return typeof body === 'object' && body !== null && 'state' in body
      ? String(body.state)
      : undefined;
  };
  for (const order of orders) {
    if (ENDS.includes((await stateOf(order)) ?? '')) continue;
    await system.activity.waitFor(
      'message-published',
      ({ subject, attributes }) =>
        subject === order.orderId && ENDS.includes(attributes['State'] ?? ''),
      { timeoutMs: PATIENCE_MS },
    );
  }
  return Promise.all(orders.map(stateOf));
}

describe('A system that is killed under load', () => {
  it(
    'loses no order that it accepted',
    async () => {
      // Prepare
      await packagedService();
      await using folder = await temporaryFolder();
      const service = await killableService(folder.path);
      const accepted: AcceptedOrder[] = [];
      const shop = new Shop(service.url);
      const enough = Promise.withResolvers<void>();
      const placing = Array.from({ length: ORDERS }, async (_, index) => {
        const customerId = `customer-of-${index}`;
        accepted.push({ orderId: await placeOrder(shop, customerId), customerId });
        if (accepted.length === ORDERS / 3) enough.resolve();
      });

      // Act
      await enough.promise;
      await service.kill();
      await Promise.allSettled(placing);
      await using restarted = await runningService({
        dataDir: folder.path,
        template: await impatientTemplate({ maxReceiveCount: 5 }),
      });
      const states = await finalStates(restarted.system, accepted);

      // Assess
      expect(accepted.length).toBeGreaterThanOrEqual(ORDERS / 3);
      expect(states).toEqual(accepted.map(() => 'Shipped'));
    },
    PACKAGING_TIMEOUT_MS,
  );
});
