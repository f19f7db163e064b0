import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
  type ReceiveMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { ActivityStream } from '../../activity/activity-stream.ts';
import { systemClock, type Clock } from '../../context/clock.ts';
import { HttpEndpoint } from '../../endpoint/http-endpoint.ts';
import type { LocalContext } from '../../context/local-context.ts';
import type { QueueSender } from '../../sqs/queue.ts';
import { SqsService, type SqsOptions } from '../../sqs/service.ts';
import { memoryStorage } from '../../storage/memory-storage.ts';
import type { Storage } from '../../storage/storage.ts';

export const REGION = 'eu-central-1';
export const ACCOUNT_ID = '000000000000';

/** Messages that a test sends without HTTP come from this sender. */
export const SENDER: QueueSender = {
  kind: 'caller',
  caller: { kind: 'client', accessKeyId: 'test' },
};

export interface SqsFixtureOptions extends SqsOptions {
  clock?: Clock;
  storage?: Storage;
}

/** SQS on a free port with a real client, torn down by `stop`. */
export class SqsFixture {
  readonly service: SqsService;
  readonly activity: ActivityStream;
  readonly client: SQSClient;
  readonly url: string;
  readonly #endpoint: HttpEndpoint;
  readonly #storage: Storage;

  private constructor(
    service: SqsService,
    activity: ActivityStream,
    endpoint: HttpEndpoint,
    storage: Storage,
  ) {
    this.service = service;
    this.activity = activity;
    this.url = endpoint.url;
    this.#endpoint = endpoint;
    this.#storage = storage;
    this.client = new SQSClient({
      endpoint: endpoint.url,
      region: REGION,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  }

  static async start({
    clock = systemClock,
    storage = memoryStorage(),
    ...options
  }: SqsFixtureOptions = {}): Promise<SqsFixture> {
    const activity = new ActivityStream(clock);
    const context: LocalContext = {
      activity,
      storage,
      clock,
      region: REGION,
      accountId: ACCOUNT_ID,
      endpoint: () => endpoint.url,
    };
    const service = new SqsService(context, options);
    const endpoint = new HttpEndpoint({
      services: { sqs: service },
      localPages: () => Promise.reject(new Error('This fixture has no pages')),
      httpApi: () => Promise.reject(new Error('This fixture has no HTTP API')),
      onError: (error) => {
        throw error;
      },
    });
    await endpoint.listen(0);
    return new SqsFixture(service, activity, endpoint, storage);
  }

  /** Creates a queue and returns its URL. */
  async createQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
    const { QueueUrl } = await this.client.send(
      new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
    );
    if (QueueUrl === undefined) throw new Error('CreateQueue returned no URL');
    return QueueUrl;
  }

  arnOf(name: string): string {
    return `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`;
  }

  async receive(
    QueueUrl: string,
    input: Partial<ReceiveMessageCommandInput> = {},
  ): Promise<Message[]> {
    const { Messages = [] } = await this.client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        ...input,
      }),
    );
    return Messages;
  }

  async attributes(QueueUrl: string): Promise<Record<string, string>> {
    const { Attributes = {} } = await this.client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    return Attributes;
  }

  async stop(): Promise<void> {
    this.client.destroy();
    await this.service.close();
    await this.#endpoint.close();
    this.#storage.close();
  }
}

export const bodiesOf = (messages: Message[]): string[] => messages.map(({ Body }) => Body ?? '');

/** The receipt handle of the only message. */
export function handleOf(messages: Message[]): string {
  const [message] = messages;
  if (!message?.ReceiptHandle || messages.length !== 1) {
    throw new Error(`Expected one message, got ${messages.length}`);
  }
  return message.ReceiptHandle;
}

/** What a refused request threw, by its code in the query protocol and its message. */
export async function refusalOf(
  request: Promise<unknown>,
): Promise<{ name: string; message: string }> {
  try {
    await request;
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message };
    throw error;
  }
  throw new Error('Expected a refusal');
}

/** A folder of its own for one test, and how to remove it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'sqs-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
