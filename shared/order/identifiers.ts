import { randomInt } from 'node:crypto';

import { ulid } from 'ulid';
import * as z from 'zod/mini';

import type { OrderState } from './order-state.ts';

/** `ORD-` and a ULID: unique, and sortable by the time the order was accepted. */
export const orderIdSchema = z.string().check(z.regex(/^ORD-[0-7][0-9A-HJKMNP-TV-Z]{25}$/));

/**
 * Follows an order through HTTP, message attributes and every hop. No `@` and no blanks, so that
 * an e-mail address or a name cannot be one.
 */
export const correlationIdSchema = z.string().check(z.regex(/^[\w.:=+/-]{1,128}$/));

export function newOrderId(now: Date): string {
  return `ORD-${ulid(now.getTime(), randomFraction)}`;
}

const RANDOM_VALUES = 2 ** 47;

/** The package's own source of chance asks the system for each of the sixteen characters. */
const randomFraction = (): number => randomInt(RANDOM_VALUES) / RANDOM_VALUES;

/** An order is in each state at most once, so its id and the state name the event for good. */
export function eventId(orderId: string, state: OrderState): string {
  return `${orderId}:${state}`;
}

/** Each command is given once per order, so repeating one repeats its id. */
export function messageId(
  orderId: string,
  message: 'Intake' | 'Cancel' | 'Verdict' | 'Dispatch',
): string {
  return `${orderId}:${message}`;
}
