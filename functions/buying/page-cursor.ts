import * as z from 'zod/mini';

import { HttpProblem } from '../../shared/http/problem.ts';
import { orderIdSchema } from '../../shared/order/identifiers.ts';
import { customerIdSchema } from '../../shared/order/order.ts';

/** The key of an order: of the table alone, or of the index by customer too. */
export const pageKeySchema = z.union([
  z.strictObject({
    orderId: orderIdSchema,
    customerId: customerIdSchema,
    placedAt: z.iso.datetime(),
  }),
  z.strictObject({ orderId: orderIdSchema }),
]);
export type PageKey = z.infer<typeof pageKeySchema>;

/** Writes a key so that callers hand it back and do not look into it. */
export function encodeCursor(key: PageKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * Reads a cursor that was given for the same listing: of this customer's orders, or of all.
 *
 * @throws HttpProblem 400 for anything else
 */
export function decodeCursor(cursor: string, customerId: string | undefined): PageKey {
  const parsed = z.safeParse(pageKeySchema, jsonOrUndefined(cursor));
  const cursorCustomer =
    parsed.success && 'customerId' in parsed.data ? parsed.data.customerId : undefined;
  if (parsed.success && cursorCustomer === customerId) return parsed.data;
  throw new HttpProblem('invalid-request', 'The cursor is not valid', {
    errors: [
      {
        field: 'cursor',
        rule: 'format',
        detail: 'must be one that this listing has answered with',
      },
    ],
  });
}

/** What is no JSON can't be a cursor, and the caller refuses it. */
function jsonOrUndefined(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
