import { join } from 'node:path';
import * as z from 'zod';
import type { System } from 'template-runtime/system';
import type { EmulatorLoad } from './emulator-load.ts';
import { targetOf, type EmulatorTarget } from './emulator-target.ts';
import { DESCRIPTIONS, OPERATIONS, type Operation, type WorkDone } from './operations.ts';
import { runNode } from './run-node.ts';

/** What one emulator does when it has nothing else to do, and what a burst asked of it. */
export interface EmulatorRate {
  operation: Operation;
  /** Messages or items a second in the largest batches. */
  largestBatchRate: number;
  /** Messages or items per request in the burst, rounded. */
  batchSize: number;
  /** Messages or items a second in batches of that size. */
  rate: number;
  /** Messages or items a second that the burst needed. */
  needed: number;
  /** What the burst used of the emulator's own rate. */
  share: number;
}

const load = z.object({ items: z.number(), startedAt: z.number(), endedAt: z.number() });
const WARM_UP_MS = 1_000;

/**
 * Measures the emulators one operation after the other, over HTTP from another process.
 *
 * @param system one whose queues are not read
 * @param burst what a burst did per order, and its orders per second
 */
export async function emulatorRates(
  system: System,
  burst: { workPerOrder: WorkDone; ordersPerSecond: number },
  milliseconds: number,
): Promise<EmulatorRate[]> {
  const target = targetOf(system);
  const rates: EmulatorRate[] = [];
  for (const operation of OPERATIONS) {
    const work = burst.workPerOrder[operation];
    if (!work) continue;
    const { largestBatch } = DESCRIPTIONS[operation];
    const batchSize = Math.min(largestBatch, Math.max(1, Math.round(work.items / work.requests)));
    await measured(system, {
      target,
      operation,
      batchSize: largestBatch,
      milliseconds: WARM_UP_MS,
    });
    const largestBatchRate = await measured(system, {
      target,
      operation,
      batchSize: largestBatch,
      milliseconds,
    });
    const rate =
      batchSize === largestBatch
        ? largestBatchRate
        : await measured(system, { target, operation, batchSize, milliseconds });
    const needed = work.items * burst.ordersPerSecond;
    rates.push({ operation, largestBatchRate, batchSize, rate, needed, share: needed / rate });
  }
  return rates;
}

interface LoadPlan {
  target: EmulatorTarget;
  operation: Operation;
  batchSize: number;
  milliseconds: number;
}

/** Messages or items a second. What is published counts when the queues have it. */
async function measured(system: System, plan: LoadPlan): Promise<number> {
  if (plan.operation === 'sqs-receive-delete') await fill(plan);
  const deliveries = new Deliveries(system, plan.operation);
  try {
    const { items, startedAt, endedAt } = await run(plan);
    const lastAt = deliveries.awaited ? await deliveries.reached(items) : endedAt;
    return (items * 1000) / (lastAt - startedAt);
  } finally {
    deliveries.close();
  }
}

/** Sends as long as will be received. What runs out before is measured for the time it took. */
async function fill(plan: LoadPlan): Promise<void> {
  await run({ ...plan, operation: 'sqs-send', batchSize: DESCRIPTIONS['sqs-send'].largestBatch });
}

async function run(plan: LoadPlan): Promise<EmulatorLoad> {
  const { stdout } = await runNode([
    join(import.meta.dirname, 'emulator-load.ts'),
    `--plan=${JSON.stringify(plan)}`,
  ]);
  return load.parse(JSON.parse(stdout));
}

/** A queue that gets every message of the topic. */
const LAST_QUEUES: Partial<Record<Operation, string>> = {
  'sns-publish': '-AllOrdersQueue',
  'sns-publish-fifo': '-FraudQueue.fifo',
};

/** Counts what a topic has delivered, for a topic answers before it delivers. */
class Deliveries {
  readonly awaited: boolean;
  readonly #stop: () => void;
  #count = 0;
  #lastAt = 0;
  #onDelivery: () => void = () => undefined;

  constructor(system: System, operation: Operation) {
    const queue = LAST_QUEUES[operation];
    this.awaited = queue !== undefined;
    this.#stop = system.activity.subscribe((happened) => {
      if (queue === undefined || happened.type !== 'message-delivered') return;
      if (!happened.endpoint.endsWith(queue)) return;
      this.#count += 1;
      this.#lastAt = happened.at;
      this.#onDelivery();
    });
  }

  /** When the last of `count` messages was delivered, in milliseconds since the epoch. */
  async reached(count: number): Promise<number> {
    await new Promise<void>((resolve) => {
      this.#onDelivery = () => {
        if (this.#count >= count) resolve();
      };
      this.#onDelivery();
    });
    return this.#lastAt;
  }

  close(): void {
    this.#stop();
  }
}
