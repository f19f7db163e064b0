import * as z from 'zod/mini';

import {
  eventId,
  type OrderEvent,
  type OrderState,
  orderStates,
  orderStateSchema,
  type Outcome,
  outcomeSchema,
  type UpdateCommand,
} from '../../shared/order/messages.ts';
import { correlationIdSchema, type Order, orderSchema } from '../../shared/order/order.ts';

/** Where an order can go from each state. Declined, Cancelled and Shipped are the end. */
const transitions: Readonly<Record<OrderState, readonly OrderState[]>> = {
  Placed: ['Approved', 'Declined', 'Cancelled'],
  Approved: ['Cancelled', 'Shipped'],
  Declined: [],
  Cancelled: [],
  Shipped: [],
};

export function canBecome(from: OrderState, to: OrderState): boolean {
  return transitions[from].includes(to);
}

/** The states that an order must be in for it to become `to`. */
export function statesBefore(to: OrderState): readonly OrderState[] {
  return orderStates.filter((from) => canBecome(from, to));
}

/** A step that an order has taken: the state it reached, and the message that made it so. */
export interface Step {
  readonly state: OrderState;
  readonly causedBy: string;
}

/** What an order's history says about a message that asks for a state. */
export type Decision<Taken extends Step> =
  | { readonly kind: 'apply' }
  /** The message has had its effect, in `step`: it was delivered again. */
  | { readonly kind: 'repeat'; readonly step: Taken }
  /** Another message came first, and the order can't go there any more. */
  | { readonly kind: 'refuse'; readonly because: string };

/**
 * Decides about one message. The outcome that a message had stands, even if its second delivery
 * asks for something else: a fraud check that is made again may come to another verdict.
 */
export function decide<Taken extends Step>(
  current: OrderState,
  history: readonly Taken[],
  wanted: Step,
): Decision<Taken> {
  const step = history.find((taken) => taken.causedBy === wanted.causedBy);
  if (step) return { kind: 'repeat', step };
  return canBecome(current, wanted.state)
    ? { kind: 'apply' }
    : { kind: 'refuse', because: `an order that is ${current} can't become ${wanted.state}` };
}

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

/** The state that a command asks for, with what there is to say about it. */
export function requestedOutcome(command: UpdateCommand): Outcome {
  if (command.type === 'CancelOrder') return { state: 'Cancelled', reason: command.reason };
  if (command.type === 'ShipmentDispatched') {
    return { state: 'Shipped', trackingNumber: command.trackingNumber };
  }
  return command.verdict === 'Approved'
    ? { state: 'Approved' }
    : { state: 'Declined', reasons: command.reasons };
}

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
