import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import { tableName } from '../../shared/configuration.ts';
import { unlessRefused } from '../../shared/errors.ts';
import type { Order } from '../../shared/order/order.ts';
import { mostWithinWindow, placement, windowsAround } from './rules.ts';

/** Keeps an item far below 400 KB; a customer who gets here has long been declined. */
const MAX_PLACEMENTS = 500;
const LIFETIME_SECONDS = 60 * 60;

const activitySchema = z.object({ placements: z.optional(z.set(z.string())) });

/**
 * When each customer placed orders: an item per customer and window, holding a set. Adding what is
 * in a set changes nothing, so an order that is screened again counts once.
 */
export class CustomerActivityTable {
  static readonly variable = /* @__PURE__ */ tableName(
    'CUSTOMER_ACTIVITY_TABLE',
    'keeps when customers placed orders',
  );

  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #windowMinutes: number;

  constructor(client: DynamoDBClient, name: string, windowMinutes: number) {
    this.#client = client;
    this.#tableName = name;
    this.#windowMinutes = windowMinutes;
  }

  /**
   * Counts an order in; answers with the most that the customer placed in any window around it, as
   * far as is known. It is written before the neighbours are read: of two orders that are screened
   * at the same time, at least one then sees the other.
   */
  async record({ orderId, placedAt, customer }: Order): Promise<number> {
    const { current, neighbours } = windowsAround(placedAt, this.#windowMinutes);
    const added = await this.#add(customer.id, current, placement(placedAt, orderId));
    const others = await Promise.all(neighbours.map((window) => this.#read(customer.id, window)));
    const known = [added, ...others].flatMap((placements) => [...placements]);
    return mostWithinWindow(known, placedAt, this.#windowMinutes);
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
