import type { System } from 'template-runtime/system';
import type { BurstResult } from './burst-result.ts';
import { cpuTime, cpuTimeEach } from './cpu-time.ts';
import { generateLoad } from './generate-load.ts';
import { OrderOutcomes } from './order-outcomes.ts';
import { MemoryWatch } from './process-memory.ts';
import { WorkCount } from './work-count.ts';

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
      requestsPerOrder: Object.fromEntries(
        [...count.requests].map(([what, times]) => [what, times / accepted]),
      ),
      workPerOrder: Object.fromEntries(
        Object.entries(count.work).map(([operation, { items, requests }]) => [
          operation,
          { items: items / accepted, requests: requests / accepted },
        ]),
      ),
      peakMegabytes: memory.peakMegabytes,
      cpuTimePerOrder: Object.fromEntries(cpuTimeEach(before, after, accepted)),
    };
  } finally {
    outcomes.close();
    count.close();
    memory.close();
  }
}
