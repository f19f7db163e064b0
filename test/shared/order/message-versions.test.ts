import { describe, expect, it } from '@jest/globals';
import type * as z from 'zod/mini';

import { intakeMessageSchema } from '../../../functions/buying/order-intake.ts';
import { InvalidMessageError, parseMessage } from '../../../shared/messaging/received-message.ts';
import { orderEventSchema, type Outcome } from '../../../shared/order/messages.ts';
import {
  cancelOrderCommand,
  fraudVerdictCommand,
  shipmentDispatchedCommand,
  updateCommandSchema,
} from '../../../shared/order/messages.ts';
import { pencilOrder, sampleEvent, sampleIntake } from '../../functions/support/sample-order.ts';

const order = pencilOrder();
const brokenRule = { rule: 'blocked', reason: 'The customer is blocked' };
const outcomes: Outcome[] = [
  { state: 'Placed' },
  { state: 'Approved' },
  { state: 'Declined', reasons: [brokenRule] },
  { state: 'Cancelled', reason: 'Changed my mind' },
  { state: 'Shipped', trackingNumber: 'TRK-1' },
];
const origin = {
  orderId: order.orderId,
  requestedAt: new Date('2026-11-22T09:30:05.000Z'),
  correlationId: 'sample',
};

type Sample = [name: string, schema: z.ZodMiniType, message: object];
const samples: Sample[] = [
  ['an accepted order', intakeMessageSchema, sampleIntake(order)],
  ...outcomes.map((outcome): Sample => [
    `the event ${outcome.state}`,
    orderEventSchema,
    sampleEvent(order, outcome),
  ]),
  ['a cancellation', updateCommandSchema, cancelOrderCommand(origin, 'Changed my mind')],
  ['a verdict', updateCommandSchema, fraudVerdictCommand(origin, [brokenRule])],
  ['a dispatch', updateCommandSchema, shipmentDispatchedCommand(origin, 'TRK-1')],
];

describe.each(samples)('A consumer of %s', (_name, schema, message) => {
  it('takes no notice of fields that it does not know, however deep', () => {
    expect(parseMessage(withUnknownFields(message), schema)).toEqual(message);
  });

  it('reads the version after this one as long as the fields that it reads are there', () => {
    const next = { ...message, version: 2 };
    expect(parseMessage(withUnknownFields(next), schema)).toEqual(next);
  });

  it.each([0, 3, '1', undefined])('refuses the version %s', (version) => {
    const other = JSON.stringify({ ...message, version });
    expect(() => parseMessage(other, schema)).toThrow(InvalidMessageError);
    expect(() => parseMessage(other, schema)).toThrow(/version/);
  });
});

/** The message as JSON, with one more field in each of its objects. */
function withUnknownFields(message: object): string {
  return JSON.stringify(message, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value, addedLater: 'new' }
      : value,
  );
}
