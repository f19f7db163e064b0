import { once } from 'node:events';
import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { AwsRequest, AwsService } from '../endpoint/aws-request.ts';
import { NO_FAULT_HEADER, withoutConnectionHeaders } from '../endpoint/forward.ts';
import type { LocalContext } from '../context/local-context.ts';
import { DynamoDbStoppedError, errorBody, internalServerError } from './errors.ts';
import { TemporaryStore } from './model/temporary-store.ts';
import { WriteCount } from './model/write-count.ts';
import type { ParentMessage, ThreadMessage, ThreadOptions } from './thread/protocol.ts';

export interface DynamoDbOptions {
  /** Keeps the tables below this folder; without it they last as long as this process. */
  dataDir?: string | undefined;
  /** Starts with what is left when the store has lost writes. */
  acceptLoss?: boolean | undefined;
  /** Called with what should never happen. */
  onError: (error: unknown) => void;
}

const RESTART_AFTER_MS = 500;

/** Less than V8 would take: most of what a request leaves behind is gone after it. */
const YOUNG_GENERATION_MB = 16;

/**
 * DynamoDB on this machine: the package dynalite in a worker thread. Functions reach it directly at
 * `url`; the one endpoint forwards the requests of other clients. A request that fails within the
 * emulator is answered with InternalServerError; a thread that ended, as by a store that cannot be
 * written, is started again on the same port and with the same tables.
 *
 * @see ../../docs/decisions for what dynalite does not do (streams, transactions, expiry of items)
 */
export class DynamoDbService implements AwsService {
  readonly #context: LocalContext;
  readonly #options: DynamoDbOptions;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #writeCount: WriteCount;
  #started = Promise.withResolvers<void>();
  #thread: Worker;
  #threadEnded: Promise<unknown>;
  #port = 0;
  #detour: string | undefined;
  readonly #detoured: (() => void)[] = [];
  #problem: string | undefined;
  #stopping = false;
  #temporaryStore: TemporaryStore | undefined;

  constructor(context: LocalContext, options: DynamoDbOptions) {
    this.#context = context;
    this.#options = options;
    this.#writeCount = new WriteCount(context.storage, options);
    // Whoever awaits `ready` learns of it; until then it is not unhandled.
    this.#started.promise.catch(() => {});
    [this.#thread, this.#threadEnded] = this.#startThread();
  }

  /**
   * Resolves when the emulator listens, be it again.
   *
   * @throws StoreIncompleteError
   */
  async ready(): Promise<void> {
    await this.#started.promise;
  }

  /** The emulator's own address, known once it is ready. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What is wrong with the emulator now, in words; empty when it works. */
  problems(): string[] {
    return this.#problem === undefined ? [] : [this.#problem];
  }

  /**
   * Sends the requests that reach the emulator directly through the endpoint at `url`, which hands
   * them back with NO_FAULT_HEADER; `undefined` ends that. Resolves when it is so.
   */
  async takeDetour(url: string | undefined): Promise<void> {
    this.#detour = url;
    await this.#started.promise;
    const detoured = new Promise<void>((resolve) => this.#detoured.push(resolve));
    this.#tell({ type: 'detour', url });
    await detoured;
  }

  async handle(request: AwsRequest, response: ServerResponse): Promise<void> {
    let answer: IncomingMessage;
    try {
      // The first request to a region starts its emulator.
      if (this.#port === 0) await this.#started.promise;
      answer = await this.#forward(request.method, request.path, request.headers, request.body);
    } catch (error) {
      const refusal = internalServerError(this.#problem ?? String(error));
      response.writeHead(refusal.httpStatus, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(errorBody(refusal));
      return;
    }
    response.writeHead(answer.statusCode ?? 502, withoutConnectionHeaders(answer.headers));
    answer.pipe(response);
    await once(response, 'close');
  }

  /** Calls one operation from inside the local system. */
  async call(operation: string, input: object): Promise<{ status: number; body: string }> {
    await this.#started.promise;
    const answer = await this.#forward(
      'POST',
      '/',
      {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=provisioning/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
      },
      Buffer.from(JSON.stringify(input)),
    );
    const chunks: string[] = [];
    for await (const chunk of answer.setEncoding('utf8')) chunks.push(String(chunk));
    return { status: answer.statusCode ?? 502, body: chunks.join('') };
  }

  /** Closes the store; every write that was answered is in it. */
  async close(): Promise<void> {
    this.#stopping = true;
    this.#agent.destroy();
    this.#tell({ type: 'close' });
    await this.#threadEnded;
    this.#temporaryStore?.remove();
  }

  #temporary(): TemporaryStore {
    this.#temporaryStore ??= new TemporaryStore();
    return this.#temporaryStore;
  }

  #startThread(): [Worker, Promise<unknown>] {
    const { dataDir } = this.#options;
    const workerData: ThreadOptions = {
      path: dataDir === undefined ? this.#temporary().path : join(dataDir, 'dynamodb'),
      counted: dataDir !== undefined,
      port: this.#port,
    };
    const thread = new Worker(new URL('./thread/thread.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      env: { AWS_ACCOUNT_ID: this.#context.accountId, AWS_REGION: this.#context.region },
    });
    let reason: unknown;
    thread.on('message', (message: ThreadMessage) => this.#onMessage(message));
    thread.on('error', (error) => {
      reason = error;
    });
    const ended = once(thread, 'exit').then(([code]) => this.#onEnd(Number(code), reason));
    return [thread, ended];
  }

  #onMessage(message: ThreadMessage): void {
    switch (message.type) {
      case 'listening':
        this.#onListening(message);
        break;
      case 'writes':
        for (const write of message.writes) {
          this.#context.activity.record({ type: 'item-written', ...write });
        }
        break;
      case 'stored':
        this.#writeCount.note(message.writes);
        break;
      case 'detoured':
        for (const resolve of this.#detoured.splice(0)) resolve();
        break;
      case 'failed':
        this.#options.onError(
          new DynamoDbStoppedError(`A request failed in the DynamoDB emulator: ${message.reason}`),
        );
        break;
    }
  }

  #onListening({ port, writesFound }: { port: number; writesFound: number }): void {
    try {
      this.#writeCount.compare(writesFound);
    } catch (error) {
      // Nothing may be written over what could still be put back.
      void this.#giveUp(error);
      return;
    }
    this.#port = port;
    this.#problem = undefined;
    if (this.#detour !== undefined) this.#tell({ type: 'detour', url: this.#detour });
    this.#started.resolve();
  }

  async #giveUp(error: unknown): Promise<void> {
    this.#stopping = true;
    this.#problem = String(error);
    // Before it listened for the first time, whoever waits for the start tells of it.
    if (this.#port === 0) this.#started.reject(error);
    else this.#options.onError(error);
    await this.#thread.terminate();
  }

  #onEnd(code: number, reason: unknown): void {
    if (this.#stopping) return;
    const why = reason instanceof Error ? reason.message : `exit code ${code}`;
    const error = new DynamoDbStoppedError(`The DynamoDB thread ended: ${why}`, { cause: reason });
    this.#started.reject(error);
    // The same again and again, as on a full disk, is told once.
    if (this.#problem !== error.message) this.#options.onError(error);
    this.#problem = error.message;
    if (this.#port === 0) return;
    this.#started = Promise.withResolvers();
    void this.#restart();
  }

  async #restart(): Promise<void> {
    await pause(RESTART_AFTER_MS);
    if (!this.#stopping) [this.#thread, this.#threadEnded] = this.#startThread();
  }

  #tell(message: ParentMessage): void {
    this.#thread.postMessage(message);
  }

  async #forward(
    method: string,
    path: string,
    headers: IncomingMessage['headers'],
    body: Buffer,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        {
          host: '127.0.0.1',
          port: this.#port,
          method,
          path,
          agent: this.#agent,
          headers: {
            ...withoutConnectionHeaders(headers),
            'content-length': body.length,
            [NO_FAULT_HEADER]: 'true',
          },
        },
        resolve,
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
