import { dynamodbClient } from '../../shared/aws-clients.ts';
import { once, readConfiguration } from '../../shared/configuration.ts';
import { jsonResponse } from '../../shared/http/problem.ts';
import { httpFunction } from '../../shared/middleware/http-function.ts';
import { knownOrder, orderView } from './http/order-resource.ts';
import { OrdersTable } from './orders-table.ts';

export interface GetOrderDependencies {
  readonly orders: OrdersTable;
}

/** GET /orders/{orderId}: an order of the caller's, its state, and how it came there. */
export function createHandler(dependencies: () => GetOrderDependencies) {
  return httpFunction(dependencies, async (event, { orders }) =>
    jsonResponse(200, orderView(await knownOrder(event, orders))),
  );
}

export const handler = createHandler(
  once(() => {
    const { ordersTable } = readConfiguration(process.env, { ordersTable: OrdersTable.variable });
    return { orders: new OrdersTable(dynamodbClient(), ordersTable) };
  }),
);
