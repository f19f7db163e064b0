import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { readClaim } from '../local/endpoint/signature.ts';

const CHANNEL = 'http.server.request.start';

/**
 * Counts the signed requests that reach HTTP servers of this process, by AWS service, without a hand
 * in the endpoint: Node.js tells of each request on a diagnostics channel.
 */
export class AwsRequestCount {
  readonly byService = new Map<string, number>();
  readonly #listener = (message: unknown): void => {
    if (!isRequestStart(message)) return;
    const service = readClaim(message.request, new URLSearchParams())?.service;
    if (service !== undefined) {
      this.byService.set(service, (this.byService.get(service) ?? 0) + 1);
    }
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
