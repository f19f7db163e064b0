import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import { HttpProblem } from '../../../shared/http/problem.ts';
import { moneySchema } from '../../../shared/order/money.ts';
import { customerIdSchema, orderIdSchema } from '../../../shared/order/order.ts';
import { orderStateSchema } from '../../../shared/order/messages.ts';

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

const summaryAttributes = {
  ProjectionExpression: 'orderId, customerId, #state, #total, placedAt',
  ExpressionAttributeNames: { '#state': 'state', '#total': 'total' },
};

/** Reads orders page by page. What was written a moment ago may not be there yet. */
export class OrderListing {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#tableName = name;
  }

  /** All orders, in no particular order. */
  async all(limit: number, after: PageKey | undefined): Promise<OrderPage> {
    const { Items, LastEvaluatedKey } = await this.#client.send(
      new ScanCommand({
        ...summaryAttributes,
        TableName: this.#tableName,
        Limit: limit,
        ...(after && { ExclusiveStartKey: marshall(after) }),
      }),
    );
    return page(Items, LastEvaluatedKey);
  }

  /** A customer's orders, the newest first. */
  async ofCustomer(
    customerId: string,
    limit: number,
    after: PageKey | undefined,
  ): Promise<OrderPage> {
    const { Items, LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({
        ...summaryAttributes,
        TableName: this.#tableName,
        IndexName: 'byCustomer',
        KeyConditionExpression: 'customerId = :customerId',
        ExpressionAttributeValues: marshall({ ':customerId': customerId }),
        ScanIndexForward: false,
        Limit: limit,
        ...(after && { ExclusiveStartKey: marshall(after) }),
      }),
    );
    return page(Items, LastEvaluatedKey);
  }
}

type Item = Record<string, AttributeValue>;

function page(items: readonly Item[] = [], lastKey: Item | undefined): OrderPage {
  return {
    orders: items.map((item) => z.parse(orderSummarySchema, unmarshall(item))),
    next: lastKey && z.parse(pageKeySchema, unmarshall(lastKey)),
  };
}
