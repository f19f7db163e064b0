import { dynamodbClient, sqsClient } from '../../shared/aws-clients.ts';
import { once, readConfiguration } from '../../shared/configuration.ts';
import { HttpProblem, jsonResponse } from '../../shared/http/problem.ts';
import { header, parseBody } from '../../shared/http/request.ts';
import { httpFunction } from '../../shared/middleware/http-function.ts';
import { newOrderId } from '../../shared/order/order.ts';
import { callingCustomer } from './http/caller.ts';
import {
  type AcceptedRequest,
  fingerprint,
  idempotencyKey,
  IdempotencyTable,
} from './http/idempotency-table.ts';
import { orderFrom, orderLinks, orderRequestSchema } from './http/order-resource.ts';
import { intakeMessage, IntakeQueue } from './order-intake.ts';

export interface PlaceOrderDependencies {
  readonly acceptedRequests: IdempotencyTable;
  readonly intake: IntakeQueue;
  readonly now: () => Date;
}

/**
 * POST /orders: places an order of the caller's and answers 202 when it is safe on the intake queue.
 * With an `Idempotency-Key` a repeated request is answered alike. It sends the same message unless that is known to be sent:
 * the first one may have failed between claiming the key and sending, and whoever records orders
 * recognises a repetition.
 */
export function createHandler(dependencies: () => PlaceOrderDependencies) {
  return httpFunction(dependencies, async (event, { acceptedRequests, intake, now }, report) => {
    const customer = callingCustomer(event);
    const request = parseBody(event, orderRequestSchema);
    const key = idempotencyKey(header(event, 'idempotency-key'), customer.id);
    const at = now();
    const fresh: AcceptedRequest = {
      order: orderFrom(customer, request, newOrderId(at), at),
      fingerprint: fingerprint(request),
    };
    const accepted = key === undefined ? fresh : await acceptedRequests.claim(key, fresh, at);
    if (accepted.fingerprint !== fresh.fingerprint) {
      throw new HttpProblem(
        'idempotency-key-reused',
        'This Idempotency-Key was used for a request with another body',
        {
          errors: [
            { field: 'Idempotency-Key', rule: 'reused', detail: 'must be new for a new request' },
          ],
        },
      );
    }
    const { order } = accepted;
    if (!accepted.sent) {
      await intake.send(intakeMessage(order, report.correlationId));
      if (key !== undefined) await acceptedRequests.confirm(key, accepted, at);
    }

    const { orderId, total, placedAt } = order;
    report.count(accepted === fresh ? 'OrdersAccepted' : 'OrdersAcceptedAgain');
    report.log.info('Order accepted', { orderId, repeated: accepted !== fresh });
    const links = orderLinks(orderId);
    return jsonResponse(
      202,
      { orderId, state: 'Accepted', total, placedAt, links },
      { location: links.self },
    );
  });
}

export const handler = createHandler(
  once(() => {
    const { idempotencyTable, orderIntakeQueueUrl } = readConfiguration(process.env, {
      idempotencyTable: IdempotencyTable.variable,
      orderIntakeQueueUrl: IntakeQueue.variable,
    });
    return {
      acceptedRequests: new IdempotencyTable(dynamodbClient(), idempotencyTable),
      intake: new IntakeQueue(sqsClient(), orderIntakeQueueUrl),
      now: () => new Date(),
    };
  }),
);
