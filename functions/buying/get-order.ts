import { dynamodbClient } from '../../shared/clients/dynamodb-client.ts';
import { readConfiguration } from '../../shared/configuration/environment.ts';
import { once } from '../../shared/configuration/once.ts';
import { jsonResponse } from '../../shared/http/response.ts';
import { httpFunction } from '../../shared/middleware/http-function.ts';
import { variables } from './configuration.ts';
import { knownOrder } from './known-order.ts';
import { orderView } from './order-view.ts';
import { OrdersTable } from './orders-table.ts';

export interface GetOrderDependencies {
  readonly orders: OrdersTable;
}

/** GET /orders/{orderId}: the order, its state, and how it came there. */
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
