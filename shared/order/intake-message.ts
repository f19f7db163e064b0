import * as z from 'zod/mini';

import { correlationIdSchema, messageId } from './identifiers.ts';
import { type Order, orderSchema } from './order.ts';

/** What the front-end tier puts on OrderIntakeQueue: an order that was accepted, not yet recorded. */
export const intakeMessageSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  type: z.literal('OrderAccepted'),
  correlationId: correlationIdSchema,
  order: orderSchema,
});
export type IntakeMessage = z.infer<typeof intakeMessageSchema>;

export function intakeMessage(order: Order, correlationId: string): IntakeMessage {
  return {
    version: 1,
    id: messageId(order.orderId, 'Intake'),
    type: 'OrderAccepted',
    correlationId,
    order,
  };
}
