import { intakeMessage } from '../../../functions/buying/order-intake.ts';
import { type OrderEvent, type Outcome } from '../../../shared/order/messages.ts';
import type { Order } from '../../../shared/order/order.ts';
import { orderEvent } from '../../../functions/buying/rules.ts';

/** The only person in the tests; no log line may contain any of this. */
export const person = { name: 'Ada Example', email: 'ada@example.com', street: 'Sample Street 7' };

/** A valid order id that ends in a number. */
export function orderIdOf(number: number): string {
  return `ORD-01KANB7XE0${String(number).padStart(16, '0')}`;
}

/** An order of four pencils. */
export function pencilOrder(number = 1036, changes: Partial<Order> = {}): Order {
  return {
    orderId: orderIdOf(number),
    customer: { id: 'customer-1036', name: person.name, email: person.email },
    address: { line1: person.street, city: 'Berlin', postalCode: '10115', country: 'DE' },
    lines: [
      {
        productId: 'pencil',
        product: 'Pencil',
        quantity: 4,
        unitPrice: { amount: 150, currency: 'EUR' },
      },
    ],
    total: { amount: 600, currency: 'EUR' },
    placedAt: '2026-11-22T09:30:00.000Z',
    ...changes,
  };
}

export function sampleEvent(order: Order, outcome: Outcome): OrderEvent {
  return orderEvent(order, {
    ...outcome,
    at: '2026-11-22T09:30:05.000Z',
    causedBy: `${order.orderId}:Sample`,
    correlationId: 'sample-correlation',
  });
}

export function sampleIntake(order: Order, correlationId = 'sample-correlation') {
  return intakeMessage(order, correlationId);
}
