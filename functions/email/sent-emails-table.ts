import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import { tableName, wholeNumber } from '../../shared/configuration.ts';
import { unlessRefused } from '../../shared/errors.ts';

/** Longer than any dead-letter queue keeps a message, so that a redrive sends nothing twice. */
const LIFETIME_SECONDS = 30 * 24 * 60 * 60;

const recordSchema = z.object({ state: z.optional(z.enum(['sending', 'sent'])) });

/** One invocation's right to send the mail for an event. */
export interface Claim {
  readonly eventId: string;
  /** The invocation that holds it. */
  readonly holder: string;
}

/**
 * Which events a mail was sent for, or is being sent for. Each write has a condition, so of any
 * number of invocations with one event only one sends.
 */
export class SentEmailsTable {
  static readonly variable = /* @__PURE__ */ tableName(
    'SENT_EMAILS_TABLE',
    'remembers which mails were sent',
  );
  static readonly leaseVariable = /* @__PURE__ */ wholeNumber(
    'MAIL_LEASE_SECONDS',
    'is how long a claimed mail is left alone',
  );

  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #leaseMs: number;

  /**
   * @param leaseSeconds how long nobody else may send a mail that was claimed: longer than the
   *   function's timeout, so that its holder is done or dead by then, and shorter than the minute
   *   after which Lambda first tries again, so that the retry after a crash sends the mail
   */
  constructor(client: DynamoDBClient, name: string, leaseSeconds: number) {
    this.#client = client;
    this.#tableName = name;
    this.#leaseMs = leaseSeconds * 1_000;
  }

  /** Claims the mail for an event, or says what another invocation has done about it. */
  async claim({ eventId, holder }: Claim, now: Date): Promise<'claimed' | 'sending' | 'sent'> {
    const written = await this.#write(
      { eventId, state: 'sending', holder, leaseEndsAt: now.getTime() + this.#leaseMs },
      now,
      'attribute_not_exists(eventId) OR (#state = :sending AND leaseEndsAt <= :now)',
      { ':now': now.getTime(), ':sending': 'sending' },
    );
    return written ? 'claimed' : this.#stateOf(eventId);
  }

  /** Records that the mail was sent; `false` when the claim had run out and is another's. */
  async confirm({ eventId, holder }: Claim, now: Date): Promise<boolean> {
    const sent = { eventId, state: 'sent', sentAt: now.toISOString() };
    return this.#writeAsHolder(sent, holder, now);
  }

  /** Gives a claim back when the mail was certainly not sent, so that a retry need not wait. */
  async release({ eventId, holder }: Claim, now: Date): Promise<boolean> {
    return this.#writeAsHolder({ eventId, state: 'sending', leaseEndsAt: 0 }, holder, now);
  }

  #writeAsHolder(item: object, holder: string, now: Date): Promise<boolean> {
    return this.#write(item, now, '#state = :sending AND holder = :holder', {
      ':holder': holder,
      ':sending': 'sending',
    });
  }

  async #write(item: object, now: Date, condition: string, values: object): Promise<boolean> {
    const expiresAt = Math.floor(now.getTime() / 1_000) + LIFETIME_SECONDS;
    const answer = await unlessRefused(
      this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: marshall({ ...item, expiresAt }),
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: marshall(values),
        }),
      ),
    );
    return answer !== undefined;
  }

  async #stateOf(eventId: string): Promise<'sending' | 'sent'> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#tableName,
        Key: marshall({ eventId }),
        ConsistentRead: true,
      }),
    );
    // A record without a state says that the mail was sent; one that is gone is tried again.
    return Item ? (z.parse(recordSchema, unmarshall(Item)).state ?? 'sent') : 'sending';
  }
}
