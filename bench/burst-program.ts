/** Runs one burst against a system of its own and prints the result as one line of JSON. */
import { parseArgs } from 'node:util';
import { burst } from './burst.ts';
import type { BurstResult } from './burst-result.ts';
import { withCpuProfile } from './cpu-shares.ts';
import { sendDynamoDbThroughEndpoint, withSystem } from './with-system.ts';

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '100' },
    'warm-up': { type: 'string', default: '0' },
    profile: { type: 'boolean', default: false },
    'dynamodb-through-endpoint': { type: 'boolean', default: false },
  },
});
const orders = Number(values.orders);
const warmUpOrders = Number(values['warm-up']);

const result = await withSystem(async (system): Promise<BurstResult> => {
  if (values['dynamodb-through-endpoint']) sendDynamoDbThroughEndpoint(system);
  if (warmUpOrders > 0) await burst(system, warmUpOrders, 'warm-up');
  const measure = (): Promise<BurstResult> => burst(system, orders, 'burst');
  if (!values.profile) return measure();
  const { result: measured, shares } = await withCpuProfile(measure);
  return { ...measured, cpuShares: Object.fromEntries(shares) };
});
console.log(JSON.stringify(result));
