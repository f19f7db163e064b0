import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import { HttpProblem } from '../../../shared/http/problem.ts';
import { moneySchema } from '../../../shared/order/money.ts';
import { customerIdSchema, orderIdSchema } from '../../../shared/order/order.ts';
import { orderStateSchema } from '../../../shared/order/messages.ts';

/** The key of an order in the index by customer. */
export const pageKeySchema = z.strictObject({
  orderId: orderIdSchema,
  customerId: customerIdSchema,
  placedAt: z.iso.datetime(),
});
export type PageKey = z.infer<typeof pageKeySchema>;

/** Writes a key so that callers hand it back and do not look into it. */
export function encodeCursor(key: PageKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * Reads a cursor that was given to the same customer.
 *
 * @throws HttpProblem 400 for anything else
 */
export function decodeCursor(cursor: string, customerId: string): PageKey {
  const parsed = z.safeParse(pageKeySchema, jsonOrUndefined(cursor));
  if (parsed.success && parsed.data.customerId === customerId) return parsed.data;
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

const orderSummarySchema = z.object({
  orderId: orderIdSchema,
  customerId: customerIdSchema,
  state: orderStateSchema,
  total: moneySchema,
  placedAt: z.iso.datetime(),
});
export type OrderSummary = z.infer<typeof orderSummarySchema>;

export interface OrderPage {
  readonly orders: readonly OrderSummary[];
  /** After which the next page starts; `undefined` on the last one. */
  readonly next: PageKey | undefined;
}

/** Reads a customer's orders page by page. What was written a moment ago may not be there yet. */
export class OrderListing {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#tableName = name;
  }

  /** A page of them, the newest first. */
  async ofCustomer(
    customerId: string,
    limit: number,
    after: PageKey | undefined,
  ): Promise<OrderPage> {
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({
        ProjectionExpression: 'orderId, customerId, #state, #total, placedAt',
        ExpressionAttributeNames: { '#state': 'state', '#total': 'total' },
        TableName: this.#tableName,
        IndexName: 'byCustomer',
        KeyConditionExpression: 'customerId = :customerId',
        ExpressionAttributeValues: marshall({ ':customerId': customerId }),
        ScanIndexForward: false,
        Limit: limit,
        ...(after && { ExclusiveStartKey: marshall(after) }),
      }),
    );
    return {
      orders: Items.map((item) => z.parse(orderSummarySchema, unmarshall(item))),
      next: LastEvaluatedKey && z.parse(pageKeySchema, unmarshall(LastEvaluatedKey)),
    };
  }
}
