import { join } from 'node:path';
import { runNode } from './run-node.ts';
import * as z from 'zod';
import type { Load } from './load-generator.ts';

const load = z.object({
  accepted: z.array(z.object({ orderId: z.string(), askedAt: z.number() })),
  refused: z.number(),
  startedAt: z.number(),
  endedAt: z.number(),
});

/** Runs the load generator in a process of its own and gives what it reports. */
export async function generateLoad(plan: {
  url: string;
  orders: number;
  rate?: number;
  run: string;
}): Promise<Load> {
  const { stdout } = await runNode([
    join(import.meta.dirname, 'load-generator.ts'),
    `--url=${plan.url}`,
    `--orders=${plan.orders}`,
    `--rate=${plan.rate ?? 0}`,
    `--run=${plan.run}`,
  ]);
  return load.parse(JSON.parse(stdout));
}
