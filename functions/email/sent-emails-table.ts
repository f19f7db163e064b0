import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

/** Longer than any dead-letter queue keeps a message, so that a redrive sends nothing twice. */
const LIFETIME_SECONDS = 30 * 24 * 60 * 60;

/** Which events a mail was sent for. */
export class SentEmailsTable {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#tableName = name;
  }

  async has(eventId: string): Promise<boolean> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#tableName,
        Key: marshall({ eventId }),
        ConsistentRead: true,
      }),
    );
    return Item !== undefined;
  }

  async add(eventId: string, sentAt: Date): Promise<void> {
    const expiresAt = Math.floor(sentAt.getTime() / 1_000) + LIFETIME_SECONDS;
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#tableName,
        Item: marshall({ eventId, sentAt: sentAt.toISOString(), expiresAt }),
      }),
    );
  }
}
