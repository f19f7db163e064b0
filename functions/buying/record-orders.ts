import { isDeepStrictEqual } from 'node:util';

import { once } from '../../shared/configuration.ts';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import { queueFunction } from '../../shared/middleware/queue-function.ts';
import type { Order } from '../../shared/order/order.ts';
import { type OrderPublishing, orderPublishing } from './event-publisher.ts';
import { intakeMessageSchema } from './order-intake.ts';
import type { OrdersTable } from './orders-table.ts';
import { type RecordedStep, orderEvent } from './rules.ts';

/** Two orders with one id: one of them was not made by placeOrder. */
export class OrderConflictError extends PermanentError {
  override readonly name = 'OrderConflictError';
}

/**
 * Records accepted orders as Placed, then publishes that. The message leaves the queue when both
 * are done; a crash in between means another delivery, which finds the order recorded and
 * publishes the same event again.
 */
export function createHandler(dependencies: () => OrderPublishing) {
  return queueFunction(dependencies, {
    schema: intakeMessageSchema,
    work: async ({ id, order, correlationId }, { orders }, { count, log }) => {
      const placed: RecordedStep = {
        state: 'Placed',
        at: order.placedAt,
        causedBy: id,
        correlationId,
      };
      if (await orders.insert(order, placed)) {
        count('OrdersRecorded');
        log.info('Order recorded', { orderId: order.orderId });
        return orderEvent(order, placed);
      }
      log.info('Order was recorded before', { orderId: order.orderId });
      return orderEvent(order, await stepOfEarlierDelivery(order, orders));
    },
    deliver: (events, { events: publisher }) => publisher.publish(events),
  });
}

async function stepOfEarlierDelivery(order: Order, orders: OrdersTable): Promise<RecordedStep> {
  const { orderId } = order;
  const recorded = await orders.find(orderId);
  const placed = recorded?.history.find(({ state }) => state === 'Placed');
  if (!recorded || !placed) {
    throw new TransientError('An order is recorded and yet not found', { orderId });
  }
  if (!isDeepStrictEqual(recorded.order, order)) {
    throw new OrderConflictError('Another order is recorded under this id', { orderId });
  }
  return placed;
}

export const handler = createHandler(once(orderPublishing));
