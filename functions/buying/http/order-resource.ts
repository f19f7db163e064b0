import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { _default as defaulting } from 'zod/mini';

import { PermanentError } from '../../../shared/errors.ts';
import { HttpProblem } from '../../../shared/http/problem.ts';
import { parseParameters } from '../../../shared/http/request.ts';
import type { OrderState } from '../../../shared/order/messages.ts';
import { sum, times } from '../../../shared/order/money.ts';
import {
  addressSchema,
  lengthBetween,
  type Customer,
  MAX_LINES,
  type Order,
  orderIdSchema,
  type OrderLine,
  quantitySchema,
} from '../../../shared/order/order.ts';
import { CURRENCY, findProduct } from '../catalog.ts';
import type { OrdersTable } from '../orders-table.ts';
import type { RecordedOrder, RecordedStep } from '../rules.ts';
import { callingCustomerId } from './caller.ts';

const lineSchema = z.strictObject({
  product: z.string().check(
    z.refine((id) => findProduct(id) !== undefined, {
      params: { rule: 'unknown-product' },
      error: 'is not in the catalog',
    }),
  ),
  quantity: quantitySchema,
});

/**
 * The body of POST /orders. What it does not know it refuses: a price comes from the catalog, and
 * who orders from the caller's token.
 */
export const orderRequestSchema = z.strictObject({
  address: z.strictObject(addressSchema.shape),
  lines: z
    .array(lineSchema)
    .check(...lengthBetween(1, MAX_LINES), z.superRefine(refuseRepeatedProducts)),
  currency: defaulting(z.literal(CURRENCY), CURRENCY),
});
export type OrderRequest = z.infer<typeof orderRequestSchema>;

/** A product that slipped past the schema: a mistake in this service, not in the request. */
export class UnknownProductError extends PermanentError {
  override readonly name = 'UnknownProductError';
}

/** The order that a customer's valid request asks for, priced from the catalog. */
export function orderFrom(
  customer: Customer,
  { address, lines, currency }: OrderRequest,
  orderId: string,
  placedAt: Date,
): Order {
  const priced = lines.map((line) => orderLine(line.product, line.quantity));
  const amounts = priced.map(({ unitPrice, quantity }) => times(unitPrice, quantity));
  return {
    orderId,
    customer,
    address,
    lines: priced,
    total: sum(amounts, currency),
    placedAt: placedAt.toISOString(),
  };
}

function orderLine(productId: string, quantity: number): OrderLine {
  const product = findProduct(productId);
  if (!product) throw new UnknownProductError(`${productId} is not in the catalog`, { productId });
  return { productId, product: product.name, quantity, unitPrice: product.price };
}

function refuseRepeatedProducts(
  lines: readonly { readonly product: string }[],
  context: z.core.$RefinementCtx,
): void {
  const seen = new Set<string>();
  for (const [place, { product }] of lines.entries()) {
    if (seen.has(product)) {
      context.addIssue({
        code: 'custom',
        path: [place, 'product'],
        params: { rule: 'duplicate' },
        message: 'has a line already; give each product one line with the whole quantity',
        input: product,
      });
    }
    seen.add(product);
  }
}

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

/** An order as callers see it: what they gave, what became of it, and nothing of how it is kept. */
export interface OrderView extends Order {
  readonly state: OrderState;
  readonly history: readonly StepView[];
  readonly trackingNumber?: string;
  readonly links: OrderLinks;
}

/** A state, when it was reached, and what there is to say about it. */
type StepView = Omit<RecordedStep, 'causedBy' | 'correlationId'>;

export function orderView({ order, state, history }: RecordedOrder): OrderView {
  const shipped = history.find((step) => step.state === 'Shipped');
  return {
    ...order,
    state,
    history: history.map((step) => stepView(step)),
    ...(shipped && { trackingNumber: shipped.trackingNumber }),
    links: orderLinks(order.orderId),
  };
}

function stepView(step: RecordedStep): StepView {
  const { causedBy: _, correlationId: __, ...view } = step;
  return view;
}
