import * as z from 'zod/mini';

import { correlationIdSchema, eventId } from './identifiers.ts';
import { type Order, orderSchema } from './order.ts';
import type { RecordedStep } from './recorded-order.ts';
import { outcomeSchema } from './outcome.ts';

/**
 * What is published when an order reaches a state, version 1. A consumer takes no notice of fields
 * it does not know, so a field can be added within a version; anything else is a new version.
 */
export const orderEventSchema = z.intersection(
  z.object({
    version: z.literal(1),
    id: z.string(),
    type: z.literal('OrderStateChanged'),
    /** When the order reached the state, which is not when the event was published. */
    occurredAt: z.iso.datetime(),
    correlationId: correlationIdSchema,
    order: orderSchema,
  }),
  outcomeSchema,
);
export type OrderEvent = z.infer<typeof orderEventSchema>;

/** The event of a step in an order's history: the same step always gives the same event. */
export function orderEvent(order: Order, step: RecordedStep): OrderEvent {
  const { at, causedBy: _, correlationId, ...outcome } = step;
  return {
    version: 1,
    id: eventId(order.orderId, step.state),
    type: 'OrderStateChanged',
    occurredAt: at,
    correlationId,
    order,
    ...outcome,
  };
}
