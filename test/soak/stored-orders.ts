import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { KillableSystem } from './killable-system.ts';

const order = z.object({
  orderId: z.string(),
  state: z.string(),
  history: z.array(z.object({ state: z.string() })),
});
/** Claimed by an invocation first, and sent then. */
const sentEmail = z.object({ eventId: z.string(), state: z.enum(['sending', 'sent']) });

export type StoredOrder = z.infer<typeof order>;

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** What tables and queues hold, asked as any client would. */
export class StoredOrders {
  readonly #system: KillableSystem;
  readonly #dynamodb: DynamoDBClient;
  readonly #sqs: SQSClient;

  constructor(system: KillableSystem) {
    this.#system = system;
    const settings = {
      endpoint: system.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'soak', secretAccessKey: 'soak' },
    };
    this.#dynamodb = new DynamoDBClient(settings);
    this.#sqs = new SQSClient(settings);
  }

  async orders(): Promise<Map<string, StoredOrder>> {
    const items = await this.#items('OrdersTable');
    return new Map(items.map((item) => order.parse(item)).map((each) => [each.orderId, each]));
  }

  /** The ids of the orders whose mail is noted as sent. */
  async mailedOrders(): Promise<Set<string>> {
    const items = await this.#items('SentEmailsTable');
    const sent = items.map((item) => sentEmail.parse(item)).filter(({ state }) => state === 'sent');
    return new Set(sent.map(({ eventId }) => eventId.split(':')[0] ?? ''));
  }

  /** How many messages the queues hold whose logical id fits, hidden ones too; empty ones left out. */
  async messagesIn(logicalId: RegExp): Promise<Map<string, number>> {
    const queues = this.#system.resources.filter(
      (each) => each.type === 'AWS::SQS::Queue' && logicalId.test(each.logicalId),
    );
    const counts = await Promise.all(
      queues.map(async ({ logicalId: name, physicalId }): Promise<[string, number]> => {
        const { Attributes: attributes } = await this.#sqs.send(
          new GetQueueAttributesCommand({ QueueUrl: physicalId, AttributeNames: [...COUNTS] }),
        );
        return [name, COUNTS.reduce((sum, count) => sum + Number(attributes?.[count] ?? 0), 0)];
      }),
    );
    return new Map(counts.filter(([, count]) => count > 0));
  }

  close(): void {
    this.#dynamodb.destroy();
    this.#sqs.destroy();
  }

  async #items(logicalId: string): Promise<Record<string, unknown>[]> {
    const table = this.#system.resources.find((each) => each.logicalId === logicalId);
    if (!table) throw new Error(`The template has no ${logicalId}`);
    const items: Record<string, unknown>[] = [];
    const pages = paginateScan({ client: this.#dynamodb }, { TableName: table.physicalId });
    for await (const { Items: found = [] } of pages) {
      items.push(...found.map((item) => unmarshall(item)));
    }
    return items;
  }
}
