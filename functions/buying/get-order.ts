import { dynamodbClient } from '../../shared/aws-clients.ts';
import { once, readConfiguration } from '../../shared/configuration.ts';
import { jsonResponse } from '../../shared/http/problem.ts';
import { httpFunction } from '../../shared/middleware/http-function.ts';
import { variables } from './configuration.ts';
import { knownOrder } from './http/order-path.ts';
import { orderView } from './http/order-view.ts';
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
    const { ordersTable } = readConfiguration(process.env, { ordersTable: variables.ordersTable });
    return { orders: new OrdersTable(dynamodbClient(), ordersTable) };
  }),
);
