import type { System } from 'template-runtime/system';
import { generateLoad } from './load-generator.ts';
import { OrderOutcomes } from './order-outcomes.ts';

export interface LatencyResult {
  rate: number;
  seconds: number;
  /** Milliseconds from the client's request to the published verdict. */
  p50: number;
  p99: number;
}

/** Places orders at an even rate and measures how long each waits for its verdict. */
export async function latency(
  system: System,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<LatencyResult> {
  const outcomes = new OrderOutcomes(system);
  try {
    const load = await generateLoad({
      url: system.url,
      orders: rate * seconds,
      rate,
      run: 'latency',
    });
    await outcomes.allEnded(load.accepted.map(({ orderId }) => orderId));
    const waits = load.accepted.map(
      ({ orderId, askedAt }) => (outcomes.verdictAt.get(orderId) ?? Infinity) - askedAt,
    );
    return { rate, seconds, p50: percentile(waits, 50), p99: percentile(waits, 99) };
  } finally {
    outcomes.close();
  }
}

/** The value that `percent` of the values do not exceed (nearest rank). */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}
