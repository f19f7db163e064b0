import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { ActivityStream } from 'template-runtime/activity';

const SERVICES: Record<string, string> = {
  dynamodb: 'DynamoDB',
  lambda: 'Lambda',
  s3: 'S3',
  ses: 'SES',
  sns: 'SNS',
  sqs: 'SQS',
};
const CHANNEL = 'http.server.request.start';

/**
 * Counts the signed requests that reach HTTP servers of this process, by AWS service and, where a
 * header names it, by operation (`SQS SendMessage`, `SNS`), and Lambda invocations. The system takes
 * no part in it: Node.js tells of each request on a diagnostics channel.
 */
export class WorkCount {
  readonly #counts = new Map<string, number>();
  readonly #stop: () => void;

  constructor(activity: ActivityStream) {
    const onRequest = (message: unknown): void => {
      const name = isRequestStart(message) ? operationOf(message.request) : undefined;
      if (name !== undefined) this.#add(name);
    };
    subscribe(CHANNEL, onRequest);
    const stopFollowing = activity.subscribe(({ type }) => {
      if (type === 'function-invoked') this.#add('Lambda invocations');
    });
    this.#stop = () => {
      unsubscribe(CHANNEL, onRequest);
      stopFollowing();
    };
  }

  /** What was done since this was made, divided by `orders`. */
  perOrder(orders: number): Record<string, number> {
    return Object.fromEntries([...this.#counts].map(([what, times]) => [what, times / orders]));
  }

  close(): void {
    this.#stop();
  }

  #add(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }
}

/** The service that the credential scope of a signature names, with the operation. */
function operationOf({ headers }: IncomingMessage): string | undefined {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([a-z0-9-]+)\//.exec(
    headers.authorization ?? '',
  )?.[1];
  if (service === undefined) return undefined;
  const target = headers['x-amz-target'];
  const operation = typeof target === 'string' ? ` ${target.split('.').at(-1)}` : '';
  return `${SERVICES[service] ?? service}${operation}`;
}

const isRequestStart = (message: unknown): message is { request: IncomingMessage } =>
  typeof message === 'object' && message !== null && 'request' in message;
