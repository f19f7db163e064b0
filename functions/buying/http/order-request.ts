import * as z from 'zod/mini';
import { _default as defaulting } from 'zod/mini';

import { PermanentError } from '../../../shared/errors.ts';
import { sum, times } from '../../../shared/order/money.ts';
import {
  addressSchema,
  lengthBetween,
  type Customer,
  MAX_LINES,
  type Order,
  type OrderLine,
  quantitySchema,
} from '../../../shared/order/order.ts';
import { CURRENCY, findProduct } from '../catalog.ts';

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
