import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import { tableName } from '../../shared/configuration.ts';
import { unlessRefused } from '../../shared/errors.ts';
import { type Shipment, shipmentSchema } from './rules.ts';

/** What was done about each order; a write only succeeds on the state that it was decided upon. */
export class ShipmentsTable {
  static readonly variable = /* @__PURE__ */ tableName(
    'SHIPMENTS_TABLE',
    'keeps what was dispatched, stopped and recalled',
  );

  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#tableName = name;
  }

  async find(orderId: string): Promise<Shipment | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#tableName,
        Key: marshall({ orderId }),
        ConsistentRead: true,
      }),
    );
    return Item && z.parse(shipmentSchema, unmarshall(Item));
  }

  /** Records the first thing done about an order; `false` when something was done before. */
  async insert(orderId: string, shipment: Shipment, at: Date): Promise<boolean> {
    const answer = await unlessRefused(
      this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: marshall({ orderId, ...shipment, updatedAt: at.toISOString() }),
          ConditionExpression: 'attribute_not_exists(orderId)',
        }),
      ),
    );
    return answer !== undefined;
  }

  /** Records that a dispatched order was called back; `false` when it is not dispatched. */
  async recall(orderId: string, at: Date): Promise<boolean> {
    const answer = await unlessRefused(
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#tableName,
          Key: marshall({ orderId }),
          UpdateExpression: 'SET #state = :recalled, updatedAt = :at',
          ConditionExpression: '#state = :dispatched',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: marshall({
            ':recalled': 'Recalled',
            ':dispatched': 'Dispatched',
            ':at': at.toISOString(),
          }),
        }),
      ),
    );
    return answer !== undefined;
  }
}
