import { randomUUID } from 'node:crypto';
import { BlockList } from 'node:net';
import type { LocalContext } from '../../context/local-context.ts';
import { invalidParameter } from '../errors.ts';
import { bodyFor } from '../model/message.ts';
import type { Subscription } from '../model/subscription.ts';
import {
  delayByPolicy,
  effectiveDeliveryPolicy,
  type DeliveryPolicy,
} from '../model/delivery-policy.ts';
import { EndpointRefusal, type DeliveryProtocol } from './delivery-protocol.ts';
import type { NotificationWriter } from './notification.ts';

/** An endpoint has this long to answer. */
const ANSWER_WITHIN_MS = 15_000;
const TOO_MANY_REQUESTS = 429;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

export interface HttpDeliveryParts {
  context: LocalContext;
  notifications: NotificationWriter;
  /** The DeliveryPolicy attribute of a topic. */
  topicPolicy: (topicArn: string) => string | undefined;
  /** In milliseconds. */
  answerWithin?: number;
}

/**
 * Posts to HTTP(S) endpoints on this machine: nothing of a local run may reach another. An answer
 * of 2xx takes the message; 429, 5xx, none in time and a broken connection (an untrusted
 * certificate too) are tried again by the delivery policy; anything else, redirects included, is
 * final.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
 */
export class HttpDelivery {
  readonly #parts: HttpDeliveryParts;
  readonly #closing = new AbortController();

  constructor(parts: HttpDeliveryParts) {
    this.#parts = parts;
  }

  protocol(name: 'http' | 'https'): DeliveryProtocol {
    return {
      supportsRawDelivery: true,
      needsConfirmation: true,
      checkEndpoint: (endpoint, topic) => {
        if (topic.fifo) throw invalidParameter(`Invalid protocol type: ${name}`);
        checkUrl(endpoint, name);
      },
      nameOf: (endpoint) => endpoint,
      retryDelay: (attempt, subscription) =>
        delayByPolicy(this.#policyOf(subscription).retries, attempt),
      deliver: async (message, subscription) => {
        const raw = subscription.rawMessageDelivery;
        await this.#post(
          subscription,
          raw ? bodyFor(message, name) : this.#parts.notifications.document(message, subscription),
          {
            'x-amz-sns-message-type': 'Notification',
            'x-amz-sns-message-id': message.messageId,
            ...(raw && { 'x-amz-sns-rawdelivery': 'true' }),
          },
        ).catch((error: unknown) => {
          // A delivery that the end interrupts has no outcome: it stays in storage as it is.
          if (this.#closing.signal.aborted) return new Promise<never>(() => {});
          throw error;
        });
      },
    };
  }

  /** Asks the endpoint to confirm, or tells it how to come back; retried by the delivery policy. */
  confirm(
    type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation',
    subscription: Subscription,
    token: string,
  ): void {
    const messageId = randomUUID();
    const { context, notifications } = this.#parts;
    const document = notifications.confirmation({ type, messageId, subscription, token });
    const headers = { 'x-amz-sns-message-type': type, 'x-amz-sns-message-id': messageId };
    const attempt = async (number: number): Promise<void> => {
      try {
        await this.#post(subscription, document, headers);
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        const delay =
          error instanceof EndpointRefusal
            ? undefined
            : delayByPolicy(this.#policyOf(subscription).retries, number);
        context.activity.record({
          type: 'delivery-failed',
          topic: subscription.record.topicArn.split(':').at(-1) ?? '',
          protocol: subscription.record.protocol,
          endpoint: subscription.record.endpoint,
          messageId,
          attempt: number,
          final: delay === undefined,
          reason: `${type}: ${error instanceof Error ? error.message : String(error)}`,
        });
        if (delay === undefined) return;
        const cancel = context.clock.schedule(delay, () => {
          this.#closing.signal.removeEventListener('abort', cancel);
          void attempt(number + 1);
        });
        this.#closing.signal.addEventListener('abort', cancel);
      }
    };
    void attempt(1);
  }

  /** Ends requests that are under way; their messages stay in storage. */
  close(): void {
    this.#closing.abort(new Error('The local SNS is closing'));
  }

  #policyOf({ record }: Subscription): DeliveryPolicy {
    const ofTopic = this.#parts.topicPolicy(record.topicArn);
    return effectiveDeliveryPolicy(record.attributes['DeliveryPolicy'], ofTopic);
  }

  async #post(
    subscription: Subscription,
    body: string,
    headers: Record<string, string>,
  ): Promise<void> {
    const { endpoint, topicArn, arn } = subscription.record;
    const { answerWithin = ANSWER_WITHIN_MS } = this.#parts;
    const { pathname, search, username, password, origin } = new URL(endpoint);
    const response = await fetch(`${origin}${pathname}${search}`, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(answerWithin)]),
      headers: {
        'content-type': this.#policyOf(subscription).contentType,
        'user-agent': 'Amazon Simple Notification Service Agent',
        'x-amz-sns-topic-arn': topicArn,
        ...(subscription.pending ? {} : { 'x-amz-sns-subscription-arn': arn }),
        ...(username !== '' && { authorization: basicCredentials(username, password) }),
        ...headers,
      },
    }).catch((error: unknown) => {
      throw new UnreachableEndpointError(endpoint, { cause: error });
    });
    // Whatever it says beyond its status, however long, is not read.
    await response.body?.cancel();
    if (response.ok) return;
    const answer = `${endpoint} answered ${response.status}`;
    if (response.status === TOO_MANY_REQUESTS || response.status >= 500) throw new Error(answer);
    throw new EndpointRefusal(answer);
  }
}

/** No answer came, or none in time. */
class UnreachableEndpointError extends Error {
  override readonly name = 'UnreachableEndpointError';

  constructor(endpoint: string, options: { cause: unknown }) {
    super(`${endpoint} gave no answer: ${rootMessage(options.cause)}`, options);
  }
}

/** What the innermost cause says; `fetch` itself says only that it failed. */
function rootMessage(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('cause' in error && error.cause !== undefined) return rootMessage(error.cause);
  return 'message' in error ? String(error.message) : 'unknown reason';
}

/** @throws AwsError InvalidParameter */
function checkUrl(endpoint: string, protocol: 'http' | 'https'): void {
  const url = URL.parse(endpoint);
  if (!url || url.protocol !== `${protocol}:`) {
    throw invalidParameter('Endpoint must match the specified protocol');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const local = host === 'localhost' || loopback.check(host) || loopback.check(host, 'ipv6');
  if (!local) {
    throw invalidParameter(
      `Endpoint Reason: the local runtime posts to this machine only (127.0.0.1, localhost), not to ${host}`,
    );
  }
}

const basicCredentials = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
