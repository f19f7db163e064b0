import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import { unlessRefused } from '../../shared/errors.ts';
import type { Order } from '../../shared/order/order.ts';
import { countWithinWindow, placement, windowsAround } from './rules.ts';

/** Keeps an item far below 400 KB; a customer who gets here has long been declined. */
const MAX_PLACEMENTS = 500;
const LIFETIME_SECONDS = 60 * 60;

const activitySchema = z.object({ placements: z.optional(z.set(z.string())) });

/**
 * When each customer placed orders: an item per customer and window, holding a set. Adding what is
 * in a set changes nothing, so an order that is screened again counts once.
 */
export class CustomerActivityTable {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #windowMinutes: number;

  constructor(client: DynamoDBClient, name: string, windowMinutes: number) {
    this.#client = client;
    this.#tableName = name;
    this.#windowMinutes = windowMinutes;
  }

  /** Counts an order in; answers how many the customer placed within the window that it ends. */
  async record({ orderId, placedAt, customer }: Order): Promise<number> {
    const { current, previous } = windowsAround(placedAt, this.#windowMinutes);
    const [added, before] = await Promise.all([
      this.#add(customer.id, current, placement(placedAt, orderId)),
      this.#read(customer.id, previous),
    ]);
    return countWithinWindow([...before, ...added], placedAt, this.#windowMinutes);
  }

  /** The set with the placement in it, or the full set that has no room for it. */
  async #add(customerId: string, window: string, added: string): Promise<ReadonlySet<string>> {
    const expiresAt = Math.floor(Date.parse(window) / 1_000) + LIFETIME_SECONDS;
    const answer = await unlessRefused(
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#tableName,
          Key: marshall({ customerId, window }),
          UpdateExpression: 'ADD placements :added SET expiresAt = :expiresAt',
          ConditionExpression: 'attribute_not_exists(placements) OR size(placements) < :maximum',
          ExpressionAttributeValues: marshall({
            ':added': new Set([added]),
            ':expiresAt': expiresAt,
            ':maximum': MAX_PLACEMENTS,
          }),
          ReturnValues: 'ALL_NEW',
        }),
      ),
    );
    return answer ? placementsOf(answer.Attributes) : this.#read(customerId, window);
  }

  async #read(customerId: string, window: string): Promise<ReadonlySet<string>> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#tableName,
        Key: marshall({ customerId, window }),
        ConsistentRead: true,
      }),
    );
    return placementsOf(Item);
  }
}

function placementsOf(item: Record<string, AttributeValue> | undefined): ReadonlySet<string> {
  return (item && z.parse(activitySchema, unmarshall(item)).placements) ?? new Set();
}
