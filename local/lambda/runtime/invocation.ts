import { randomBytes } from 'node:crypto';
import { RuntimeError } from './error-report.ts';
import type { Handler } from './load-handler.ts';
import type { EnvironmentSettings, InvokeRequest } from './protocol.ts';

/** The first version of the runtime whose handlers take no callback. */
export const WITHOUT_CALLBACKS = 24;

type Callback = (error?: unknown, answer?: unknown) => void;

/** What the process waits for: called when its event loop has nothing more to do. */
export class EmptyLoop {
  #then: (() => void) | undefined;

  listen(): void {
    process.on('beforeExit', () => {
      const then = this.#then;
      this.#then = undefined;
      then?.();
    });
  }

  once(then: (() => void) | undefined): void {
    this.#then = then;
  }
}

/**
 * Runs a handler with one event. An `async` handler answers by its promise. Up to Node.js 22 a
 * handler may also call back, and then its answer leaves when the event loop is empty, unless it set
 * `callbackWaitsForEmptyEventLoop` to false.
 *
 * @returns the handler's answer
 * @throws whatever the handler threw, and Runtime.NodeJsExit for an answer that can never come
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function invoke(
  handler: Handler,
  event: unknown,
  {
    settings,
    request,
    loop,
  }: { settings: EnvironmentSettings; request: InvokeRequest; loop: EmptyLoop },
): Promise<unknown> {
  process.env['_X_AMZN_TRACE_ID'] = traceId();
  const context = contextFor(settings, request);
  return new Promise((resolve, reject) => {
    const callback: Callback = (error, answer) => {
      if (error !== undefined && error !== null) reject(error);
      else if (Reflect.get(context, 'callbackWaitsForEmptyEventLoop') === false) resolve(answer);
      else loop.once(() => resolve(answer));
    };
    const takesCallback = settings.nodeVersion < WITHOUT_CALLBACKS;
    const isAsync = handler.constructor.name === 'AsyncFunction';
    loop.once(() => {
      if (takesCallback && !isAsync) resolve(null);
      else {
        const reason =
          'The handler waits for something that can not happen any more: its promise is pending and the event loop is empty';
        reject(new RuntimeError('Runtime.NodeJsExit', reason));
      }
    });
    if (takesCallback) Object.assign(context, oldAnswers(resolve, reject));
    const answer = takesCallback ? handler(event, context, callback) : handler(event, context);
    if (!takesCallback || isThenable(answer)) Promise.resolve(answer).then(resolve, reject);
  }).finally(() => loop.once(undefined));
}

function contextFor(settings: EnvironmentSettings, request: InvokeRequest): object {
  const { requestId: awsRequestId, deadline, clientContext } = request;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: '$LATEST',
    functionName: settings.functionName,
    memoryLimitInMB: String(settings.memoryMb),
    logGroupName: settings.logGroupName,
    logStreamName: settings.logStreamName,
    clientContext,
    identity: undefined,
    invokedFunctionArn: settings.invokedFunctionArn,
    awsRequestId,
    getRemainingTimeInMillis: () => (deadline ?? Infinity) - Date.now(),
  };
}

/** The ways to answer that were there before promises. */
const oldAnswers = (
  resolve: (answer: unknown) => void,
  reject: (error: unknown) => void,
): Record<string, Callback> => ({
  succeed: (answer) => resolve(answer),
  fail: (error) => reject(error ?? 'handled'),
  done: (error, answer) =>
    error === undefined || error === null ? resolve(answer) : reject(error),
});

const isThenable = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'then' in value &&
  typeof value.then === 'function';

function traceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const [root, parent] = [randomBytes(12).toString('hex'), randomBytes(8).toString('hex')];
  return `Root=1-${seconds}-${root};Parent=${parent};Sampled=0`;
}
