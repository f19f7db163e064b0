import * as z from 'zod/mini';

import { dynamodbClient } from '../../shared/aws-clients.ts';
import { once, readConfiguration } from '../../shared/configuration.ts';
import { jsonResponse } from '../../shared/http/problem.ts';
import { parseParameters } from '../../shared/http/request.ts';
import { httpFunction } from '../../shared/middleware/http-function.ts';
import { callingCustomerId } from './http/caller.ts';
import { decodeCursor, encodeCursor, OrderListing } from './http/order-listing.ts';
import { orderLinks } from './http/order-resource.ts';
import { OrdersTable } from './orders-table.ts';

const DEFAULT_LIMIT = 20;

const querySchema = z.strictObject({
  /** 1 to 100. */
  limit: z.optional(z.string().check(z.regex(/^([1-9]\d?|100)$/))),
  cursor: z.optional(z.string().check(z.maxLength(1_000))),
});

export interface ListOrdersDependencies {
  readonly listing: OrderListing;
}

/** GET /orders?limit=&cursor=: a page of the caller's orders, and the cursor of the next one. */
export function createHandler(dependencies: () => ListOrdersDependencies) {
  return httpFunction(dependencies, async (event, { listing }) => {
    const customerId = callingCustomerId(event);
    const query = parseParameters(event.queryStringParameters, querySchema);
    const limit = query.limit === undefined ? DEFAULT_LIMIT : Number(query.limit);
    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, customerId);
    const { orders, next } = await listing.ofCustomer(customerId, limit, after);
    return jsonResponse(200, {
      orders: orders.map((order) => ({ ...order, links: orderLinks(order.orderId) })),
      ...(next && { cursor: encodeCursor(next) }),
    });
  });
}

export const handler = createHandler(
  once(() => {
    const { ordersTable } = readConfiguration(process.env, { ordersTable: OrdersTable.variable });
    return { listing: new OrderListing(dynamodbClient(), ordersTable) };
  }),
);
