import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

import { tableName } from '../../shared/configuration.ts';
import { asError, TransientError } from '../../shared/errors.ts';
import { DELIVERED, type Delivery, undelivered } from '../../shared/messaging/sending.ts';
import type { TimelineEntry } from './rules.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MAX_ITEMS = 25;
const MAX_ATTEMPTS = 4;
const FIRST_WAIT_MILLISECONDS = 50;

/** DynamoDB left an entry unwritten each time, as it does when the table is throttled. */
export class EntryUnprocessedError extends TransientError {
  override readonly name = 'EntryUnprocessedError';
}

/** Every state that an order was in. */
export class OrderTimelineTable {
  static readonly variable = /* @__PURE__ */ tableName(
    'ORDER_TIMELINE_TABLE',
    'keeps every state that an order was in',
  );

  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #wait: (milliseconds: number) => Promise<unknown>;

  constructor(
    client: DynamoDBClient,
    name: string,
    wait: (milliseconds: number) => Promise<unknown>,
  ) {
    this.#client = client;
    this.#tableName = name;
    this.#wait = wait;
  }

  /**
   * Writes entries and says of each what became of it, in the order they were given. DynamoDB
   * refuses a request that has one key twice, so of equal entries one is written, for all of them.
   */
  async write(entries: readonly TimelineEntry[]): Promise<readonly Delivery[]> {
    const distinct = new Map(entries.map((entry) => [keyOf(entry), entry]));
    const waiting = [...distinct.values()];
    const outcomes = new Map<string, Delivery>();
    while (waiting.length > 0) {
      const chunk = waiting.splice(0, MAX_ITEMS);
      const delivery = await this.#writeChunk(chunk);
      for (const entry of chunk) outcomes.set(keyOf(entry), delivery(entry));
    }
    return entries.map((entry) => outcomes.get(keyOf(entry)) ?? undelivered(unprocessed(entry)));
  }

  /**
   * What became of each entry of the chunk. DynamoDB refuses a whole request for one entry that it
   * cannot take, so that the entries are then written singly. A request that fails for another
   * reason takes only its chunk with it.
   */
  async #writeChunk(chunk: readonly TimelineEntry[]): Promise<(entry: TimelineEntry) => Delivery> {
    try {
      const left = await this.#writeRepeatedly(chunk);
      return (entry) => (left.has(keyOf(entry)) ? undelivered(unprocessed(entry)) : DELIVERED);
    } catch (error) {
      const failure = asError(error);
      if (failure.name !== 'ValidationException' || chunk.length === 1) {
        return () => undelivered(failure);
      }
      return this.#writeSingly(chunk);
    }
  }

  async #writeSingly(chunk: readonly TimelineEntry[]): Promise<(entry: TimelineEntry) => Delivery> {
    const outcomes = new Map<string, Delivery>();
    for (const entry of chunk) {
      const delivery = await this.#writeChunk([entry]);
      outcomes.set(keyOf(entry), delivery(entry));
    }
    return (entry) => outcomes.get(keyOf(entry)) ?? undelivered(unprocessed(entry));
  }

  /** The keys of the entries that are still unwritten after the last attempt. */
  async #writeRepeatedly(chunk: readonly TimelineEntry[]): Promise<ReadonlySet<string>> {
    let requests: WriteRequest[] = chunk.map((entry) => ({
      PutRequest: { Item: marshall(entry, { removeUndefinedValues: true }) },
    }));
    for (let attempt = 0; requests.length > 0 && attempt < MAX_ATTEMPTS; attempt += 1) {
      if (attempt > 0) await this.#wait(FIRST_WAIT_MILLISECONDS * 2 ** (attempt - 1));
      const { UnprocessedItems } = await this.#client.send(
        new BatchWriteItemCommand({ RequestItems: { [this.#tableName]: requests } }),
      );
      requests = UnprocessedItems?.[this.#tableName] ?? [];
    }
    return new Set(requests.map(({ PutRequest }) => requestKey(PutRequest?.Item)));
  }
}

function keyOf({ orderId, eventId }: TimelineEntry): string {
  return `${orderId} ${eventId}`;
}

function requestKey(item: NonNullable<WriteRequest['PutRequest']>['Item']): string {
  return `${item?.orderId?.S ?? ''} ${item?.eventId?.S ?? ''}`;
}

function unprocessed({ orderId, eventId }: TimelineEntry): EntryUnprocessedError {
  const identifiers = { orderId, eventId };
  return new EntryUnprocessedError('DynamoDB left a timeline entry unwritten', identifiers);
}
