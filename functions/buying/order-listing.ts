import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import { orderIdSchema } from '../../shared/order/identifiers.ts';
import { moneySchema } from '../../shared/order/money.ts';
import { customerIdSchema } from '../../shared/order/order.ts';
import { orderStateSchema } from '../../shared/order/order-state.ts';
import { type PageKey, pageKeySchema } from './page-cursor.ts';

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
