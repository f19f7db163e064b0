import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';

import { HttpProblem } from '../../../shared/http/problem.ts';
import { parseParameters } from '../../../shared/http/request.ts';
import { orderIdSchema } from '../../../shared/order/order.ts';
import type { OrdersTable } from '../orders-table.ts';
import type { RecordedOrder } from '../rules.ts';
import { callingCustomerId } from './caller.ts';

/** Where an order is found and what can be asked of it. */
export interface OrderLinks {
  readonly self: string;
  readonly cancel: string;
}

export function orderLinks(orderId: string): OrderLinks {
  return { self: `/orders/${orderId}`, cancel: `/orders/${orderId}/cancel` };
}

const pathSchema = z.strictObject({ orderId: orderIdSchema });

/**
 * The order that a request's path names, if it is the caller's. Another customer's is answered like
 * one that is not there, so that nobody learns of it.
 *
 * @throws HttpProblem 400 when that is no order id, 404 when the caller has no such order recorded
 */
export async function knownOrder(
  event: APIGatewayProxyEventV2,
  orders: OrdersTable,
): Promise<RecordedOrder> {
  const customerId = callingCustomerId(event);
  const { orderId } = parseParameters(event.pathParameters, pathSchema);
  const recorded = await orders.find(orderId);
  if (recorded?.order.customer.id === customerId) return recorded;
  throw new HttpProblem(
    'not-found',
    `You have no order ${orderId} recorded. An order that was accepted a moment ago is recorded shortly`,
  );
}
