import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { readClaim } from 'template-runtime/activity';

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
 * header names it, by operation (`SQS SendMessage`, `SNS`). The endpoint takes no part in it: Node.js
 * tells of each request on a diagnostics channel.
 */
export class AwsRequestCount {
  readonly byOperation = new Map<string, number>();
  readonly #listener = (message: unknown): void => {
    if (!isRequestStart(message)) return;
    const service = readClaim(message.request, new URLSearchParams())?.service;
    if (service === undefined) return;
    const target = message.request.headers['x-amz-target'];
    const operation = typeof target === 'string' ? ` ${target.split('.').at(-1)}` : '';
    const name = `${SERVICES[service] ?? service}${operation}`;
    this.byOperation.set(name, (this.byOperation.get(name) ?? 0) + 1);
  };

  constructor() {
    subscribe(CHANNEL, this.#listener);
  }

  close(): void {
    unsubscribe(CHANNEL, this.#listener);
  }
}

const isRequestStart = (message: unknown): message is { request: IncomingMessage } =>
  typeof message === 'object' && message !== null && 'request' in message;
