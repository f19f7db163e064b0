import { format } from 'node:util';
import { isNativeError } from 'node:util/types';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
type Level = (typeof LEVELS)[number];

const METHODS = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'FATAL',
} as const satisfies Record<string, Level>;

/**
 * Takes over what a handler writes: the console, worded in Lambda's text or JSON format and from the
 * function's log level up, and the standard streams, cut into lines.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export class Console {
  readonly #onLine: (line: string) => void;
  readonly #requestId: () => string | undefined;
  readonly #json = process.env['AWS_LAMBDA_LOG_FORMAT'] === 'JSON';
  readonly #unfinished = new Map<NodeJS.WriteStream, string>();

  constructor(onLine: (line: string) => void, requestId: () => string | undefined) {
    this.#onLine = onLine;
    this.#requestId = requestId;
  }

  takeOver(): void {
    const configured = LEVELS.findIndex((level) => level === process.env['AWS_LAMBDA_LOG_LEVEL']);
    for (const [method, level] of Object.entries(METHODS)) {
      const silent = LEVELS.indexOf(level) < configured;
      const write = (...values: unknown[]): void => this.log(level, values);
      Reflect.set(console, method, silent ? () => {} : write);
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

  log(level: Level, values: unknown[]): void {
    const time = new Date().toISOString();
    const requestId = this.#requestId();
    this.#onLine(
      this.#json
        ? jsonLine({ timestamp: time, level, requestId }, values)
        : `${time}\t${requestId ?? 'undefined'}\t${level}\t${format(...values)}`,
    );
  }

  /** Says why an invocation or an environment failed, as Lambda's runtime does. */
  logFailure(what: string, report: object, thrown: unknown): void {
    this.log('ERROR', this.#json ? [thrown] : [what, JSON.stringify(report)]);
  }

  /** Hands on what was written without a line end. */
  finish(): void {
    for (const line of this.#unfinished.values()) if (line !== '') this.#onLine(line);
    this.#unfinished.clear();
  }

  #written(stream: NodeJS.WriteStream, chunk: unknown): void {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(bytesOf(chunk)).toString('utf8');
    const lines = ((this.#unfinished.get(stream) ?? '') + text).split('\n');
    this.#unfinished.set(stream, lines.pop() ?? '');
    for (const line of lines) this.#onLine(line);
  }
}

/** One value is the message as it is; several are formatted, and the first error told apart. */
function jsonLine(head: object, values: unknown[]): string {
  const [only] = values;
  if (values.length === 1) {
    try {
      return JSON.stringify({ ...head, message: only }, (_key, value: unknown) =>
        isNativeError(value) ? Object.assign(errorFields(value), value) : value,
      );
    } catch {
      return JSON.stringify({ ...head, message: format(only) });
    }
  }
  const error = values.find((value) => isNativeError(value));
  return JSON.stringify({
    ...head,
    message: format(...values),
    ...(error ? errorFields(error) : {}),
  });
}

const errorFields = (error: Error): object => ({
  errorType: error.constructor.name,
  errorMessage: error.message,
  stackTrace: (error.stack ?? '').split('\n'),
});

function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError('The "chunk" argument must be of type string or an instance of Buffer');
}
