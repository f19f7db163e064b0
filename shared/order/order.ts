import * as z from 'zod/mini';

import { isCountry } from './countries.ts';
import { orderIdSchema } from './identifiers.ts';
import { moneySchema } from './money.ts';
import { lineOfText } from './text.ts';

export const MAX_LINES = 50;
export const MAX_QUANTITY = 1_000;

export const customerIdSchema = z.string().check(z.regex(/^[\w-]{1,64}$/));

export const customerSchema = z.object({
  id: customerIdSchema,
  name: lineOfText(1, 100),
  email: z.email().check(z.maxLength(254)),
});
export type Customer = z.infer<typeof customerSchema>;

export const addressSchema = z.object({
  line1: lineOfText(1, 200),
  line2: z.optional(lineOfText(1, 200)),
  city: lineOfText(1, 100),
  postalCode: lineOfText(1, 20),
  /** ISO 3166-1 alpha-2. */
  country: z
    .string()
    .check(z.refine(isCountry, { params: { rule: 'country' }, error: 'is no ISO 3166-1 country' })),
});
export type Address = z.infer<typeof addressSchema>;

export const quantitySchema = z.int().check(z.gte(1), z.lte(MAX_QUANTITY));

export const orderLineSchema = z.object({
  productId: z.string(),
  /** The product's name when the order was placed. */
  product: z.string(),
  quantity: quantitySchema,
  unitPrice: moneySchema,
});
export type OrderLine = z.infer<typeof orderLineSchema>;

/** An order as the customer placed it. Nothing in it changes afterwards; its state is kept apart. */
export const orderSchema = z.object({
  orderId: orderIdSchema,
  customer: customerSchema,
  address: addressSchema,
  lines: z.array(orderLineSchema).check(z.minLength(1), z.maxLength(MAX_LINES)),
  total: moneySchema,
  placedAt: z.iso.datetime(),
});
export type Order = z.infer<typeof orderSchema>;
