import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';

import { HttpProblem } from '../../shared/http/problem.ts';
import { parseParameters } from '../../shared/http/request.ts';
import { orderIdSchema } from '../../shared/order/identifiers.ts';
import type { RecordedOrder } from '../../shared/order/recorded-order.ts';
import type { OrdersTable } from './orders-table.ts';

const pathSchema = z.strictObject({ orderId: orderIdSchema });

/**
 * The order that a request's path names.
 *
 * @throws HttpProblem 400 when that is no order id, 404 when no such order is recorded
 */
export async function knownOrder(
  event: APIGatewayProxyEventV2,
  orders: OrdersTable,
): Promise<RecordedOrder> {
  const { orderId } = parseParameters(event.pathParameters, pathSchema);
  const recorded = await orders.find(orderId);
  if (recorded) return recorded;
  throw new HttpProblem(
    'not-found',
    `No order ${orderId} is recorded. An order that was accepted a moment ago is recorded shortly`,
  );
}
