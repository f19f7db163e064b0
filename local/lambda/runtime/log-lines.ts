import { format } from 'node:util';

const LEVELS = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
} as const;

/**
 * Takes over what a handler writes: the console, worded as Lambda's text format words it, and the
 * standard streams, cut into lines.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export class LogLines {
  readonly #onLine: (line: string) => void;
  readonly #requestId: () => string | undefined;
  readonly #unfinished = new Map<NodeJS.WriteStream, string>();

  constructor(onLine: (line: string) => void, requestId: () => string | undefined) {
    this.#onLine = onLine;
    this.#requestId = requestId;
  }

  takeOver(): void {
    for (const [method, level] of Object.entries(LEVELS)) {
      Reflect.set(console, method, (...values: unknown[]) => this.#logged(level, values));
    }
    for (const stream of [process.stdout, process.stderr]) {
      const write = (chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
        this.#written(stream, chunk);
        const callback = typeof encoding === 'function' ? encoding : done;
        if (typeof callback === 'function') queueMicrotask(() => Reflect.apply(callback, null, []));
        return true;
      };
      Reflect.set(stream, 'write', write);
    }
  }

  /** Hands on what was written without a line end. */
  finish(): void {
    for (const line of this.#unfinished.values()) if (line !== '') this.#onLine(line);
    this.#unfinished.clear();
  }

  #logged(level: string, values: unknown[]): void {
    const requestId = this.#requestId() ?? 'undefined';
    this.#onLine(`${new Date().toISOString()}\t${requestId}\t${level}\t${format(...values)}`);
  }

  #written(stream: NodeJS.WriteStream, chunk: unknown): void {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(bytesOf(chunk)).toString('utf8');
    const lines = ((this.#unfinished.get(stream) ?? '') + text).split('\n');
    this.#unfinished.set(stream, lines.pop() ?? '');
    for (const line of lines) this.#onLine(line);
  }
}

function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError('The "chunk" argument must be of type string or an instance of Buffer');
}
