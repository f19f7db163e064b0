import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { DynaliteHandler, DynaliteRequest, DynaliteResponse } from 'dynalite';

/** One request, read to its end. */
export interface EmulatorRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface EmulatorAnswer {
  status: number;
  headers: Record<string, string | number>;
  body: string;
}

/** dynalite threw where nobody catches. `late`: in a callback, so that its store may be broken. */
export class EmulatorFailure extends Error {
  override readonly name = 'EmulatorFailure';
  readonly late: boolean;
  /** True when the store on disk failed. */
  readonly ofStore: boolean;

  constructor(cause: unknown, late: boolean) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.late = late;
    this.ofStore = /IO error|Corruption|Database (is|failed)/.test(this.message);
  }
}

interface Running {
  fail: (failure: EmulatorFailure) => void;
  /** What releases the locks on items that the request holds. */
  locks: Set<() => void>;
}

/**
 * Calls dynalite's handler without HTTP: it sees requests that are there as a whole, and what it
 * throws ends one request instead of the thread.
 */
export class Emulator {
  readonly #handler: DynaliteHandler;
  readonly #requests = new AsyncLocalStorage<Running>();
  readonly #running = new Set<Running>();

  constructor(handler: DynaliteHandler) {
    this.#handler = handler;
  }

  /** The locks on items that the running request holds. */
  locksNow(): Set<() => void> | undefined {
    return this.#requests.getStore()?.locks;
  }

  /** @throws EmulatorFailure */
  carryOut(request: EmulatorRequest): Promise<EmulatorAnswer> {
    return new Promise((resolve, reject) => {
      const running: Running = {
        locks: new Set(),
        fail: (failure) => {
          this.#running.delete(running);
          for (const release of running.locks) release();
          reject(failure);
        },
      };
      this.#running.add(running);
      const incoming = new WholeRequest(request);
      const response = new CapturedResponse((answer) => {
        this.#running.delete(running);
        resolve(answer);
      });
      this.#requests.run(running, () => {
        try {
          this.#handler(incoming, response);
          incoming.deliver(request.body);
        } catch (error) {
          running.fail(new EmulatorFailure(error, false));
        }
      });
    });
  }

  /** Carries out one operation in the name of the runtime itself. */
  call(operation: string, input: object): Promise<EmulatorAnswer> {
    return this.carryOut({
      method: 'POST',
      url: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=local-runtime/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
      },
      body: Buffer.from(JSON.stringify(input)),
    });
  }

  /** Ends the request that an uncaught error belongs to, or all of them when that is not known. */
  onUncaught(error: unknown): EmulatorFailure {
    const failure = new EmulatorFailure(error, true);
    const culprit = this.#requests.getStore();
    const failed = culprit && this.#running.has(culprit) ? [culprit] : [...this.#running];
    for (const running of failed) running.fail(failure);
    return failure;
  }
}

class WholeRequest extends EventEmitter implements DynaliteRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;

  constructor({ method, url, headers }: EmulatorRequest) {
    super();
    this.method = method;
    this.url = url;
    this.headers = headers;
  }

  deliver(body: Buffer): void {
    if (body.length > 0) this.emit('data', body);
    this.emit('end');
  }
}

class CapturedResponse implements DynaliteResponse {
  statusCode = 200;
  readonly #headers: Record<string, string | number> = {};
  readonly #onEnd: (answer: EmulatorAnswer) => void;

  constructor(onEnd: (answer: EmulatorAnswer) => void) {
    this.#onEnd = onEnd;
  }

  setHeader(name: string, value: string | number): void {
    this.#headers[name.toLowerCase()] = value;
  }

  end(body = ''): void {
    this.#onEnd({ status: this.statusCode, headers: this.#headers, body });
  }
}
