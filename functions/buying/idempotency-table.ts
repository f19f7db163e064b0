import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import { unlessRefused } from '../../shared/dynamodb/conditional-write.ts';
import { TransientError } from '../../shared/errors/transient-error.ts';
import { orderSchema } from '../../shared/order/order.ts';

const LIFETIME_SECONDS = 24 * 60 * 60;

const acceptedRequestSchema = z.object({ fingerprint: z.string(), order: orderSchema });
/** A request that was accepted under a key, and the order that came of it. */
export type AcceptedRequest = z.infer<typeof acceptedRequestSchema>;

/**
 * Remembers for a day which order each idempotency key stands for. The whole order is kept, so
 * that a repeated request sends the very same message even if a price has changed in between.
 */
export class IdempotencyTable {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#tableName = name;
  }

  /**
   * Claims a key for a request and answers with the request that holds it: the given one, or the
   * one that came first. DynamoDB deletes expired items late, so an expired claim counts as none.
   *
   * @throws TransientError when the claim that was in the way is gone again
   */
  async claim(key: string, request: AcceptedRequest, now: Date): Promise<AcceptedRequest> {
    const seconds = Math.floor(now.getTime() / 1_000);
    const answer = await unlessRefused(
      this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: marshall(
            { idempotencyKey: key, ...request, expiresAt: seconds + LIFETIME_SECONDS },
            { removeUndefinedValues: true },
          ),
          ConditionExpression: 'attribute_not_exists(idempotencyKey) OR expiresAt <= :now',
          ExpressionAttributeValues: marshall({ ':now': seconds }),
        }),
      ),
    );
    return answer ? request : this.#holder(key);
  }

  async #holder(key: string): Promise<AcceptedRequest> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#tableName,
        Key: marshall({ idempotencyKey: key }),
        ConsistentRead: true,
      }),
    );
    if (!Item) throw new TransientError('An idempotency key was freed while it was looked up');
    return z.parse(acceptedRequestSchema, unmarshall(Item));
  }
}
