import * as z from 'zod/mini';

import { correlationIdSchema } from './identifiers.ts';
import { orderSchema } from './order.ts';
import { orderStateSchema } from './order-state.ts';
import { outcomeSchema } from './outcome.ts';

/** A step in an order's history. */
export const recordedStepSchema = z.intersection(
  z.object({
    at: z.iso.datetime(),
    /** The id of the message that asked for it. */
    causedBy: z.string(),
    correlationId: correlationIdSchema,
  }),
  outcomeSchema,
);
export type RecordedStep = z.infer<typeof recordedStepSchema>;

/** An order with its state and how it came there, oldest step first. */
export const recordedOrderSchema = z.object({
  order: orderSchema,
  state: orderStateSchema,
  history: z.array(recordedStepSchema),
});
export type RecordedOrder = z.infer<typeof recordedOrderSchema>;
