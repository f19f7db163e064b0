import * as z from 'zod/mini';

import {
  correlationIdSchema,
  lineOfText,
  messageId,
  orderIdSchema,
  orderSchema,
  messageVersionSchema,
} from './order.ts';

export const orderStates = ['Placed', 'Approved', 'Declined', 'Cancelled', 'Shipped'] as const;
export const orderStateSchema = z.enum(orderStates);
export type OrderState = z.infer<typeof orderStateSchema>;

/** Consumers keep events by their id, and a key of DynamoDB has 1 to 1,024 bytes. */
const eventIdSchema = z.string().check(z.regex(/^[\x21-\x7E]{1,1024}$/));

/** An order is in each state at most once, so its id and the state name the event for good. */
export function eventId(orderId: string, state: OrderState): string {
  return `${orderId}:${state}`;
}

/** A rule that an order broke, in words for the fraud desk and the customer. */
export const brokenRuleSchema = z.object({ rule: z.string(), reason: z.string() });
export type BrokenRule = z.infer<typeof brokenRuleSchema>;

/** A state together with what there is to say about how it was reached. */
export const outcomeSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('Placed') }),
  z.object({ state: z.literal('Approved') }),
  z.object({ state: z.literal('Declined'), reasons: z.array(brokenRuleSchema) }),
  z.object({ state: z.literal('Cancelled'), reason: z.string() }),
  z.object({ state: z.literal('Shipped'), trackingNumber: z.string() }),
]);
export type Outcome = z.infer<typeof outcomeSchema>;

/**
 * What is published when an order reaches a state, version 1. A consumer takes no notice of fields
 * it does not know, so a field can be added within a version; anything else is a new version. A new
 * state is no such thing: the consumers have to know it first.
 */
export const orderEventSchema = z.intersection(
  z.object({
    version: messageVersionSchema,
    id: eventIdSchema,
    type: z.literal('OrderStateChanged'),
    /** When the order reached the state, which is not when the event was published. */
    occurredAt: z.iso.datetime(),
    correlationId: correlationIdSchema,
    order: orderSchema,
  }),
  outcomeSchema,
);
export type OrderEvent = z.infer<typeof orderEventSchema>;

const requestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('CancelOrder'), reason: lineOfText(1, 200) }),
  z.object({
    type: z.literal('FraudVerdict'),
    verdict: z.enum(['Approved', 'Declined']),
    /** Every rule that fired; none when the order is approved. */
    reasons: z.array(brokenRuleSchema),
  }),
  z.object({ type: z.literal('ShipmentDispatched'), trackingNumber: z.string() }),
]);
type UpdateRequest = z.infer<typeof requestSchema>;

/** What other services ask of buying, on OrderUpdatesQueue.fifo, version 1. */
export const updateCommandSchema = z.intersection(
  z.object({
    version: messageVersionSchema,
    id: z.string(),
    orderId: orderIdSchema,
    requestedAt: z.iso.datetime(),
    correlationId: correlationIdSchema,
  }),
  requestSchema,
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
