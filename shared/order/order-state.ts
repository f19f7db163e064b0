import * as z from 'zod/mini';

export const orderStates = ['Placed', 'Approved', 'Declined', 'Cancelled', 'Shipped'] as const;
export const orderStateSchema = z.enum(orderStates);
export type OrderState = z.infer<typeof orderStateSchema>;

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
