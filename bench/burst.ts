import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import type { System } from 'template-runtime/system';
import { generateLoad } from './load-generator.ts';
import { OrderOutcomes } from './order-outcomes.ts';
import { MemoryWatch, cpuTime, cpuTimeEach, runNode, withCpuProfile } from './processes.ts';
import { sendDynamoDbThroughEndpoint, serviceFolder, withSystem } from './with-system.ts';
import { WorkCount } from './work-count.ts';

const numbers = z.record(z.string(), z.number());

export const burstResult = z.object({
  orders: z.number(),
  refused: z.number(),
  acceptedPerSecond: z.number(),
  /** From the first request to the last order Shipped or Declined. */
  allEndedSeconds: z.number(),
  ordersPerSecond: z.number(),
  /** From the first request until every mail was sent and the timeline written. */
  quietSeconds: z.number(),
  /** By service and operation. */
  requestsPerOrder: numbers,
  peakMegabytes: z.number(),
  /** Milliseconds of processor time by part, until mails and timeline were done too. */
  cpuTimePerOrder: numbers,
  /** Only of a burst under the profiler. */
  cpuShares: numbers.optional(),
});

export type BurstResult = z.infer<typeof burstResult>;

export interface BurstPlan {
  orders: number;
  /** Orders that the same system has brought to their end before. */
  warmUpOrders: number;
  /** Takes a CPU profile of the main thread, which costs throughput. */
  profile?: boolean;
  /** Counts DynamoDB's requests, at the price of a detour. */
  dynamoDbThroughEndpoint?: boolean;
}

/**
 * Runs a burst in a process of its own, so that no burst inherits memory or compiled code.
 *
 * @param folder the service whose burst it is
 */
export async function runBurst(plan: BurstPlan, folder = serviceFolder): Promise<BurstResult> {
  const { stdout } = await runNode([
    join(folder, 'bench', 'burst.ts'),
    `--orders=${plan.orders}`,
    `--warm-up=${plan.warmUpOrders}`,
    ...(plan.profile ? ['--profile'] : []),
    ...(plan.dynamoDbThroughEndpoint ? ['--dynamodb-through-endpoint'] : []),
  ]);
  return burstResult.parse(JSON.parse(stdout));
}

/**
 * Places `orders` orders as fast as they are taken and waits until each has come to its end. What is
 * counted per order is counted until its mail is sent and its timeline written too.
 *
 * @param run makes the customers of one burst others than those of the next
 * @throws OrdersStuckError
 */
export async function burst(system: System, orders: number, run: string): Promise<BurstResult> {
  const outcomes = new OrderOutcomes(system);
  const count = new WorkCount(system.activity);
  const memory = new MemoryWatch();
  const functionNames = new Set(
    system.lambda.configurations().map(({ functionName }) => functionName),
  );
  try {
    const before = await cpuTime(functionNames);
    const load = await generateLoad({ url: system.url, orders, run });
    await outcomes.allEnded(load.accepted.map(({ orderId }) => orderId));
    const allEndedSeconds =
      (Math.max(...load.accepted.map(({ orderId }) => outcomes.endedAt.get(orderId) ?? 0)) -
        load.startedAt) /
      1000;
    await outcomes.quiet();
    const quietSeconds = (Date.now() - load.startedAt) / 1000;
    const after = await cpuTime(functionNames);
    const accepted = load.accepted.length;
    return {
      orders,
      refused: load.refused,
      acceptedPerSecond: (accepted * 1000) / (load.endedAt - load.startedAt),
      allEndedSeconds,
      ordersPerSecond: accepted / allEndedSeconds,
      quietSeconds,
      requestsPerOrder: count.perOrder(accepted),
      peakMegabytes: memory.peakMegabytes,
      cpuTimePerOrder: Object.fromEntries(cpuTimeEach(before, after, accepted)),
    };
  } finally {
    outcomes.close();
    count.close();
    memory.close();
  }
}

// Runs one burst against a system of its own and prints the result as one line of JSON.
if (import.meta.main) {
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
}
