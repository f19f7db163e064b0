import { once } from 'node:events';
import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { AwsRequest, AwsService } from '../endpoint/aws-request.ts';
import type { LocalContext } from '../local-context.ts';
import type { ParentMessage, WorkerMessage, WorkerOptions } from './thread/protocol.ts';

/** The thread of the DynamoDB emulator ended although nobody stopped it. */
export class DynamoDbStoppedError extends Error {
  override readonly name = 'DynamoDbStoppedError';
}

/** Headers that speak of one connection and must not be forwarded (RFC 9110, section 7.6.1). */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host']);

/**
 * DynamoDB on this machine: the package dynalite in a worker thread. Functions reach it directly at
 * `url`; the one endpoint forwards the requests of other clients.
 *
 * @see ../../docs/decisions for what dynalite does not do (streams, transactions, expiry of items)
 */
export class DynamoDbService implements AwsService {
  readonly #worker: Worker;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #port: Promise<number>;
  readonly #ended: Promise<unknown>;
  #url = '';
  #stopping = false;

  /**
   * @param options.dataDir keeps the tables below this folder; in memory without it
   * @param options.onError called when the emulator's thread fails
   */
  constructor(
    context: LocalContext,
    options: { dataDir?: string | undefined; onError: (error: unknown) => void },
  ) {
    const workerOptions: WorkerOptions =
      options.dataDir === undefined ? {} : { path: join(options.dataDir, 'dynamodb') };
    this.#worker = new Worker(new URL('./thread/thread.ts', import.meta.url), {
      workerData: workerOptions,
      env: { AWS_ACCOUNT_ID: context.accountId, AWS_REGION: context.region },
    });
    this.#ended = new Promise((ended) => this.#worker.once('exit', ended));
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#port = promise;
    this.#worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'listening') {
        this.#url = `http://127.0.0.1:${message.port}`;
        resolve(message.port);
        return;
      }
      for (const write of message.writes)
        context.activity.record({ type: 'item-written', ...write });
    });
    this.#worker.on('error', (error) => {
      reject(error);
      options.onError(error);
    });
    this.#worker.on('exit', (code) => {
      if (this.#stopping) return;
      const error = new DynamoDbStoppedError(`The DynamoDB thread ended with code ${code}`);
      reject(error);
      options.onError(error);
    });
  }

  /** Resolves when the emulator listens. */
  async ready(): Promise<void> {
    await this.#port;
  }

  /** The emulator's own address, known once it is ready. */
  get url(): string {
    return this.#url;
  }

  async handle(request: AwsRequest, response: ServerResponse): Promise<void> {
    const answer = await this.#forward(request.method, request.path, request.headers, request.body);
    response.writeHead(answer.statusCode ?? 502, withoutConnectionHeaders(answer.headers));
    answer.pipe(response);
    await once(response, 'close');
  }

  /** Calls one operation from inside the local system. */
  async call(operation: string, input: object): Promise<{ status: number; body: string }> {
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
    const message: ParentMessage = { type: 'close' };
    this.#worker.postMessage(message);
    await this.#ended;
  }

  async #forward(
    method: string,
    path: string,
    headers: IncomingMessage['headers'],
    body: Buffer,
  ): Promise<IncomingMessage> {
    const port = await this.#port;
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        {
          host: '127.0.0.1',
          port,
          method,
          path,
          agent: this.#agent,
          headers: { ...withoutConnectionHeaders(headers), 'content-length': body.length },
        },
        resolve,
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

const withoutConnectionHeaders = (
  headers: IncomingMessage['headers'],
): IncomingMessage['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !CONNECTION_HEADERS.has(name)));
