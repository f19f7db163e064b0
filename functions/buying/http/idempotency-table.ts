import { createHash } from 'node:crypto';

import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import { tableName } from '../../../shared/configuration.ts';
import { TransientError, unlessRefused } from '../../../shared/errors.ts';
import { HttpProblem } from '../../../shared/http/problem.ts';
import { orderSchema } from '../../../shared/order/order.ts';
import type { OrderRequest } from './order-resource.ts';

/** 1 to 255 visible ASCII characters. */
const FORM = /^[\x21-\x7E]{1,255}$/;

/**
 * The key to remember a request by, from the header `Idempotency-Key`. It belongs to one customer:
 * two customers may use the same key without meeting. The blank can't be part of either.
 *
 * @throws HttpProblem 400
 */
export function idempotencyKey(
  headerValue: string | undefined,
  customerId: string,
): string | undefined {
  if (headerValue === undefined) return undefined;
  if (!FORM.test(headerValue)) {
    throw new HttpProblem('invalid-request', 'The Idempotency-Key is not valid', {
      errors: [
        {
          field: 'Idempotency-Key',
          rule: 'format',
          detail: 'must be 1 to 255 visible ASCII characters',
        },
      ],
    });
  }
  return `${customerId} ${headerValue}`;
}

/**
 * Tells whether two requests ask for the same. The schema has put the fields in its own order and
 * cut off blanks, so only a difference in meaning makes another fingerprint.
 */
export function fingerprint(request: OrderRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64url');
}

const LIFETIME_SECONDS = 24 * 60 * 60;

const acceptedRequestSchema = z.object({
  fingerprint: z.string(),
  order: orderSchema,
  /** Whether the order is known to be on the intake queue; else a repeated request sends it. */
  sent: z.optional(z.boolean()),
});
/** A request that was accepted under a key, and the order that came of it. */
export type AcceptedRequest = z.infer<typeof acceptedRequestSchema>;

/**
 * Remembers for a day which order each idempotency key stands for. The whole order is kept, so
 * that a request repeated before its message was sent sends the very same one, even if a price has
 * changed in between.
 */
export class IdempotencyTable {
  static readonly variable = /* @__PURE__ */ tableName(
    'IDEMPOTENCY_TABLE',
    'remembers which requests were accepted',
  );

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

  /** Records that the order of a claim was sent, so that a repeated request need not send it. */
  async confirm(key: string, request: AcceptedRequest, now: Date): Promise<void> {
    const expiresAt = Math.floor(now.getTime() / 1_000) + LIFETIME_SECONDS;
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#tableName,
        Item: marshall(
          { idempotencyKey: key, ...request, sent: true, expiresAt },
          { removeUndefinedValues: true },
        ),
      }),
    );
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
