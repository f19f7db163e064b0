import { join } from 'node:path';
import { burstResult, type BurstResult } from './burst-result.ts';
import { runNode } from './run-node.ts';

export interface BurstPlan {
  orders: number;
  /** Orders that the same system has brought to their end before. */
  warmUpOrders: number;
  /** Takes a CPU profile of the main thread, which costs throughput. */
  profile?: boolean;
  /** Counts DynamoDB's requests, at the price of a detour. */
  dynamoDbThroughEndpoint?: boolean;
}

/** Runs a burst in a process of its own, so that no burst inherits memory or compiled code. */
export async function runBurst(plan: BurstPlan): Promise<BurstResult> {
  const { stdout } = await runNode([
    join(import.meta.dirname, 'burst-program.ts'),
    `--orders=${plan.orders}`,
    `--warm-up=${plan.warmUpOrders}`,
    ...(plan.profile ? ['--profile'] : []),
    ...(plan.dynamoDbThroughEndpoint ? ['--dynamodb-through-endpoint'] : []),
  ]);
  return burstResult.parse(JSON.parse(stdout));
}
