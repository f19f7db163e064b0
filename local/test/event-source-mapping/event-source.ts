import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { ActivityStream } from '../../activity/activity-stream.ts';
import type { BatchAnswered, Recorded } from '../../activity/activity.ts';
import type { Clock } from '../../context/clock.ts';
import {
  EventSourceMappings,
  type EventSourceMappingsOptions,
} from '../../event-source-mapping/service.ts';
import type { EventSourceMappingConfiguration } from '../../event-source-mapping/model/mapping-configuration.ts';
import type {
  FunctionDirectory,
  FunctionInvoker,
  Invocation,
  InvocationResult,
} from '../../lambda/model/function-invoker.ts';
import type { LocalContext } from '../../context/local-context.ts';
import type { OutgoingMessage, Queue } from '../../sqs/queue.ts';
import { SqsService } from '../../sqs/service.ts';
import { memoryStorage } from '../../storage/memory-storage.ts';
import { ManualClock } from '../manual-clock.ts';

export interface SqsRecord {
  messageId: string;
  body: string;
  attributes: Record<string, string>;
}

export type Handler = (records: SqsRecord[], invocation: Invocation) => unknown;

/** A handler that answers with this text as it is, be it what a function could say or not. */
export class Verbatim {
  readonly payload: string;
  constructor(payload: string) {
    this.payload = payload;
  }
}

/** A function that a test writes as a callback: what it throws is an unhandled error of it. */
class CallbackFunction implements FunctionInvoker, FunctionDirectory {
  readonly batches: SqsRecord[][] = [];
  handler: Handler;
  readonly concurrency: number;

  constructor(handler: Handler, concurrency: number) {
    this.handler = handler;
    this.concurrency = concurrency;
  }

  functionExists(): boolean {
    return true;
  }

  limitsOf(functionName: string) {
    if (functionName !== 'consumer') return undefined;
    return { timeoutSeconds: 5, concurrency: this.concurrency };
  }

  async invoke(invocation: Invocation): Promise<InvocationResult> {
    const event = JSON.parse(invocation.payload) as { Records: SqsRecord[] };
    this.batches.push(event.Records);
    const result = { requestId: 'request', statusCode: 200, logs: [] };
    try {
      const answer = await this.handler(event.Records, invocation);
      const payload = answer instanceof Verbatim ? answer.payload : JSON.stringify(answer ?? null);
      return { ...result, functionError: undefined, payload };
    } catch (error) {
      if (error instanceof Error && error.name === 'ThrottledError') throw error;
      return { ...result, functionError: 'Unhandled', payload: '{}' };
    }
  }

  invokeAsync(): Promise<never> {
    return Promise.reject(new Error('A mapping invokes synchronously'));
  }
}

export const sender = {
  kind: 'caller',
  caller: { kind: 'client', accessKeyId: 'test' },
} as const;

/** A queue, a mapping and a function `consumer`, on a clock that stands still. */
export class EventSource {
  readonly clock: Clock & ManualClock;
  readonly context: LocalContext;
  readonly sqs: SqsService;
  readonly mappings: EventSourceMappings;
  readonly consumer: CallbackFunction;
  readonly errors: unknown[] = [];

  constructor(
    handler: Handler = () => null,
    {
      concurrency = 10,
      ...options
    }: Partial<EventSourceMappingsOptions> & { concurrency?: number } = {},
  ) {
    this.clock = new ManualClock();
    this.context = {
      activity: new ActivityStream(this.clock),
      storage: memoryStorage(),
      clock: this.clock,
      region: 'eu-west-1',
      accountId: '000000000000',
      endpoint: () => 'http://127.0.0.1:4566',
    };
    this.sqs = new SqsService(this.context, {});
    this.consumer = new CallbackFunction(handler, concurrency);
    this.mappings = new EventSourceMappings(
      this.context,
      { queues: this.sqs, functions: this.consumer },
      { onError: (error) => this.errors.push(error), ...options },
    );
  }

  get batches(): SqsRecord[][] {
    return this.consumer.batches;
  }

  /** The bodies of every batch that the function was given. */
  get bodies(): string[][] {
    return this.batches.map((records) => records.map(({ body }) => body));
  }

  queue(name = 'orders', attributes: Record<string, string> = {}): Promise<Queue> {
    const fifo: Record<string, string> = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
    return this.sqs.ensureQueue(name, { VisibilityTimeout: '30', ...fifo, ...attributes });
  }

  /** Asks the service as a client would. */
  async deleteQueue(name: string): Promise<void> {
    const url = `http://127.0.0.1:4566/000000000000/${name}`;
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    await this.sqs.handle(
      {
        method: 'POST',
        path: '/',
        query: new URLSearchParams(),
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'AmazonSQS.DeleteQueue',
        },
        body: Buffer.from(JSON.stringify({ QueueUrl: url })),
        requestId: 'request',
        caller: sender.caller,
      },
      response,
    );
    if (response.statusCode !== 200) throw new Error(`DeleteQueue answered ${response.statusCode}`);
  }

  map(
    queue: Queue,
    overrides: Partial<EventSourceMappingConfiguration> = {},
  ): Promise<{ uuid: string }> {
    return this.mappings.ensureMapping({
      functionName: 'consumer',
      eventSourceArn: queue.arn,
      ...overrides,
    });
  }

  /** Sends the messages in one turn, so that one receive can find all of them. */
  async send(queue: Queue, messages: (string | OutgoingMessage)[]): Promise<string[]> {
    const sent = await Promise.all(
      messages.map((one) => queue.send(typeof one === 'string' ? { body: one } : one, sender)),
    );
    return sent.map(({ messageId }) => messageId);
  }

  /** Resolves with the first `count` answers. */
  async answered(count = 1): Promise<Recorded<BatchAnswered>[]> {
    const answers: Recorded<BatchAnswered>[] = [];
    let after = 0;
    while (answers.length < count) {
      const answer = await this.context.activity.waitFor('batch-answered', () => true, { after });
      answers.push(answer);
      after = answer.sequence;
    }
    return answers;
  }

  /** Lets everything happen that needs no more time. */
  async quiet(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  deletedIds(): string[] {
    return this.context.activity
      .since()
      .flatMap((one) => (one.type === 'message-deleted' ? [one.messageId] : []));
  }

  async close(): Promise<void> {
    await this.mappings.close();
    await this.sqs.close();
  }
}
