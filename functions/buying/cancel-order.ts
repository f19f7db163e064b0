import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';

import { dynamodbClient, sqsClient } from '../../shared/aws-clients.ts';
import { once, readConfiguration } from '../../shared/configuration.ts';
import { HttpProblem, jsonResponse } from '../../shared/http/problem.ts';
import { hasBody, parseBody } from '../../shared/http/request.ts';
import { CommandQueue } from '../../shared/messaging/sending.ts';
import { httpFunction } from '../../shared/middleware/http-function.ts';
import { lineOfText } from '../../shared/order/order.ts';
import { cancelOrderCommand } from '../../shared/order/messages.ts';
import { knownOrder, orderLinks } from './http/order-resource.ts';
import { OrdersTable } from './orders-table.ts';
import { canBecome } from './rules.ts';

const DEFAULT_REASON = 'Cancelled by the customer';

const cancellationSchema = z.strictObject({ reason: z.optional(lineOfText(1, 200)) });

export interface CancelOrderDependencies {
  readonly orders: OrdersTable;
  readonly commands: CommandQueue;
  readonly now: () => Date;
}

/**
 * POST /orders/{orderId}/cancel: asks for an order of the caller's to be cancelled. 202 says that it was asked, not
 * that it will be: the order may ship before the command's turn, and its state then tells.
 */
export function createHandler(dependencies: () => CancelOrderDependencies) {
  return httpFunction(dependencies, async (event, { orders, commands, now }, report) => {
    const reason = reasonGiven(event);
    const { order, state } = await knownOrder(event, orders);
    const answer = { orderId: order.orderId, state, links: orderLinks(order.orderId) };
    if (state === 'Cancelled') return jsonResponse(200, answer);
    if (!canBecome(state, 'Cancelled')) {
      throw new HttpProblem('order-is-final', `The order is ${state} and can't be cancelled`);
    }
    const { correlationId } = report;
    await commands.sendOne(
      cancelOrderCommand({ orderId: order.orderId, requestedAt: now(), correlationId }, reason),
    );
    report.count('CancellationsRequested');
    report.log.info('Cancellation requested', { orderId: order.orderId });
    return jsonResponse(202, answer);
  });
}

/** The body is optional, and so is the reason in it. */
function reasonGiven(event: APIGatewayProxyEventV2): string {
  if (!hasBody(event)) return DEFAULT_REASON;
  return parseBody(event, cancellationSchema).reason ?? DEFAULT_REASON;
}

export const handler = createHandler(
  once(() => {
    const { ordersTable, orderUpdatesQueueUrl } = readConfiguration(process.env, {
      ordersTable: OrdersTable.variable,
      orderUpdatesQueueUrl: CommandQueue.variable,
    });
    return {
      orders: new OrdersTable(dynamodbClient(), ordersTable),
      commands: new CommandQueue(sqsClient(), orderUpdatesQueueUrl),
      now: () => new Date(),
    };
  }),
);
