import * as z from 'zod';
import { OPERATIONS } from './operations.ts';

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
  workPerOrder: z.partialRecord(
    z.enum(OPERATIONS),
    z.object({ items: z.number(), requests: z.number() }),
  ),
  peakMegabytes: z.number(),
  /** Milliseconds of processor time by part, until mails and timeline were done too. */
  cpuTimePerOrder: numbers,
  /** Only of a burst under the profiler. */
  cpuShares: numbers.optional(),
});

export type BurstResult = z.infer<typeof burstResult>;
