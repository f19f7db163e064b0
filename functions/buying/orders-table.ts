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
import { type Order } from '../../shared/order/order.ts';
import {
  type RecordedOrder,
  recordedOrderSchema,
  type RecordedStep,
  statesBefore,
} from './rules.ts';
import { eventId } from '../../shared/order/messages.ts';

/**
 * The orders and their states. Every write has a condition on the state before it, so that a
 * message that is delivered twice, or too late, changes nothing.
 */
export class OrdersTable {
  static readonly variable = /* @__PURE__ */ tableName(
    'ORDERS_TABLE',
    'keeps the orders and their states',
  );

  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#tableName = name;
  }

  /** Records a new order with the first step of its history; `false` when there is one already. */
  async insert(order: Order, placed: RecordedStep): Promise<boolean> {
    const item = {
      orderId: order.orderId,
      customerId: order.customer.id,
      placedAt: order.placedAt,
      total: order.total,
      order,
      state: placed.state,
      history: [placed],
      lastEventId: eventId(order.orderId, placed.state),
    };
    const answer = await unlessRefused(
      this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: marshall(item, { removeUndefinedValues: true }),
          ConditionExpression: 'attribute_not_exists(orderId)',
        }),
      ),
    );
    return answer !== undefined;
  }

  async find(orderId: string): Promise<RecordedOrder | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#tableName,
        Key: marshall({ orderId }),
        ConsistentRead: true,
      }),
    );
    return Item && z.parse(recordedOrderSchema, unmarshall(Item));
  }

  /**
   * Takes an order to its next state, if it is in one that allows it, and answers with the order
   * as it then is; `undefined` when it is not, or when there is no such order.
   */
  async take(orderId: string, step: RecordedStep): Promise<RecordedOrder | undefined> {
    const before = statesBefore(step.state).map((state, place) => [`:before${place}`, state]);
    const command = new UpdateItemCommand({
      TableName: this.#tableName,
      Key: marshall({ orderId }),
      UpdateExpression:
        'SET #state = :state, history = list_append(history, :steps), lastEventId = :eventId',
      ConditionExpression: `#state IN (${before.map(([name]) => name).join(', ')})`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: marshall({
        ':state': step.state,
        ':steps': [step],
        ':eventId': eventId(orderId, step.state),
        ...Object.fromEntries(before),
      }),
      ReturnValues: 'ALL_NEW',
    });
    const answer = await unlessRefused(this.#client.send(command));
    return answer && z.parse(recordedOrderSchema, unmarshall(answer.Attributes ?? {}));
  }
}
