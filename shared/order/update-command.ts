import * as z from 'zod/mini';

import { type BrokenRule, brokenRuleSchema } from './order-event.ts';
import {
  correlationIdSchema,
  lineOfText,
  messageId,
  messageVersionSchema,
  orderIdSchema,
} from './order.ts';

const request = z.discriminatedUnion('type', [
  z.object({ type: z.literal('CancelOrder'), reason: lineOfText(1, 200) }),
  z.object({
    type: z.literal('FraudVerdict'),
    verdict: z.enum(['Approved', 'Declined']),
    /** Every rule that fired; none when the order is approved. */
    reasons: z.array(brokenRuleSchema),
  }),
  z.object({ type: z.literal('ShipmentDispatched'), trackingNumber: z.string() }),
]);
type UpdateRequest = z.infer<typeof request>;

/** What other services ask of buying, on OrderUpdatesQueue.fifo, version 1. */
export const updateCommandSchema = z.intersection(
  z.object({
    version: messageVersionSchema,
    id: z.string(),
    orderId: orderIdSchema,
    requestedAt: z.iso.datetime(),
    correlationId: correlationIdSchema,
  }),
  request,
);
export type UpdateCommand = z.infer<typeof updateCommandSchema>;

/** Which order a command is about, when it was given, and what it follows. */
export interface CommandOrigin {
  readonly orderId: string;
  readonly requestedAt: Date;
  readonly correlationId: string;
}

export function cancelOrderCommand(origin: CommandOrigin, reason: string): UpdateCommand {
  return command(origin, 'Cancel', { type: 'CancelOrder', reason });
}

export function fraudVerdictCommand(
  origin: CommandOrigin,
  brokenRules: readonly BrokenRule[],
): UpdateCommand {
  return command(origin, 'Verdict', {
    type: 'FraudVerdict',
    verdict: brokenRules.length === 0 ? 'Approved' : 'Declined',
    reasons: [...brokenRules],
  });
}

export function shipmentDispatchedCommand(
  origin: CommandOrigin,
  trackingNumber: string,
): UpdateCommand {
  return command(origin, 'Dispatch', { type: 'ShipmentDispatched', trackingNumber });
}

function command(
  { orderId, requestedAt, correlationId }: CommandOrigin,
  name: 'Cancel' | 'Verdict' | 'Dispatch',
  asked: UpdateRequest,
): UpdateCommand {
  return {
    version: 1,
    id: messageId(orderId, name),
    orderId,
    requestedAt: requestedAt.toISOString(),
    correlationId,
    ...asked,
  };
}
