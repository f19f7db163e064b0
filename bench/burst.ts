import type { System } from '../local/system/start-system.ts';
import { AwsRequestCount } from './aws-requests.ts';
import { cpuTime, cpuTimeEach, type CpuTime } from './cpu-time.ts';
import { withCpuProfile, type CpuShares } from './cpu-shares.ts';
import { generateLoad } from './generate-load.ts';
import { OrderOutcomes } from './order-outcomes.ts';
import { MemoryWatch } from './process-memory.ts';

export interface BurstResult {
  orders: number;
  refused: number;
  acceptedPerSecond: number;
  /** From the first request to the last order Shipped or Declined. */
  allEndedSeconds: number;
  ordersPerSecond: number;
  /** By what was counted, such as `sqs` or `Lambda invocations`. */
  requestsPerOrder: Map<string, number>;
  peakMegabytes: number;
  /** Per order; two processors give 2,000 ms a second to everything, the load generator included. */
  cpuTimePerOrder: CpuTime;
  cpuShares: CpuShares;
}

/** Places `orders` orders as fast as they are taken, and waits until each has come to its end. */
export async function burst(system: System, orders: number): Promise<BurstResult> {
  const outcomes = new OrderOutcomes(system.activity);
  const requests = new AwsRequestCount();
  const memory = new MemoryWatch();
  const functionName = system.lambda.configurations()[0]?.functionName ?? '';
  let invocations = 0;
  let writes = 0;
  const stop = system.activity.subscribe(({ type }) => {
    if (type === 'function-invoked') invocations += 1;
    if (type === 'item-written') writes += 1;
  });
  try {
    const before = await cpuTime(functionName);
    const { result: load, shares } = await withCpuProfile(async () => {
      const generated = await generateLoad({ url: system.url, orders, run: `burst-${orders}` });
      await outcomes.allEnded(generated.accepted.map(({ orderId }) => orderId));
      return generated;
    });
    const after = await cpuTime(functionName);
    const accepted = load.accepted.length;
    const allEndedSeconds = (Math.max(...outcomes.endedAt.values()) - load.startedAt) / 1000;
    const counts = [
      ...requests.byService,
      ['DynamoDB writes', writes] as const,
      ['Lambda invocations', invocations] as const,
    ];
    return {
      orders,
      refused: load.refused,
      acceptedPerSecond: (accepted * 1000) / (load.endedAt - load.startedAt),
      allEndedSeconds,
      ordersPerSecond: accepted / allEndedSeconds,
      requestsPerOrder: new Map(counts.map(([what, count]) => [what, count / accepted])),
      peakMegabytes: memory.peakMegabytes,
      cpuTimePerOrder: cpuTimeEach(before, after, accepted),
      cpuShares: shares,
    };
  } finally {
    stop();
    outcomes.close();
    requests.close();
    memory.close();
  }
}
