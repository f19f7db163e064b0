import { randomBytes } from 'node:crypto';
import type { Caller } from '../../endpoint/caller.ts';
import type { LocalContext } from '../../context/local-context.ts';
import type { Collection } from '../../storage/storage.ts';
import type { HttpDelivery } from '../delivery/http-delivery.ts';
import type { Protocols } from '../delivery/protocols.ts';
import { invalidParameter, notAuthorized } from '../errors.ts';
import {
  checkSubscriptionAttributes,
  scopeOf,
  Subscription,
  subscriptionRecordSchema,
  type SubscriptionRecord,
  type SubscriptionSetting,
} from './subscription.ts';
import type { TopicRegistry } from './topic-registry.ts';
import { checkLargeMessages } from './topic.ts';

/** What a subscription is made with. */
export interface SubscriptionDefinition {
  topicArn: string | undefined;
  protocol: string | undefined;
  endpoint: string | undefined;
  attributes: Record<string, string>;
}

export interface SubscriptionParts {
  registry: TopicRegistry;
  protocols: Protocols;
  http: HttpDelivery;
}

const TOKEN_LIFETIME_MS = 2 * 24 * 3_600_000;

/** Subscriptions and their attributes, as the API changes them. */
export class SubscriptionCommands {
  readonly #context: LocalContext;
  readonly #registry: TopicRegistry;
  readonly #protocols: Protocols;
  readonly #http: HttpDelivery;
  /** By the token with which their endpoints may come back. */
  readonly #endedByToken = new Map<string, SubscriptionRecord>();
  readonly #ended: Collection<SubscriptionRecord>;

  constructor(context: LocalContext, { registry, protocols, http }: SubscriptionParts) {
    this.#context = context;
    this.#registry = registry;
    this.#protocols = protocols;
    this.#http = http;
    this.#ended = context.storage.collection('sns-ended-subscriptions', (json) =>
      subscriptionRecordSchema.parse(json),
    );
    for (const { key, value } of this.#ended.load()) this.#endedByToken.set(key, value);
  }

  /**
   * Subscribes an endpoint; one that is subscribed already keeps its subscription. An HTTP(S)
   * endpoint is asked to confirm, again as long as it has not.
   *
   * @throws AwsError InvalidParameter, NotFound
   * @see https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
   */
  subscribe({ topicArn, protocol = '', endpoint = '', attributes }: SubscriptionDefinition) {
    const topic = this.#registry.topic(topicArn);
    this.#protocols.get(protocol).checkEndpoint(endpoint, topic.record);
    const setting = this.#setting(protocol, endpoint, topic.record.fifo);
    checkSubscriptionAttributes(attributes, setting, 'Attributes Reason: ');
    for (const existing of topic.subscriptions.values()) {
      const { record } = existing;
      if (record.protocol !== protocol || record.endpoint !== endpoint) continue;
      if (!sameAttributes(attributes, existing)) {
        throw invalidParameter(
          'Attributes Reason: Subscription already exists with different attributes',
        );
      }
      this.#askToConfirm(existing);
      return existing;
    }
    checkLargeMessages(topic.record.attributes, [
      ...topic.subscriptions.values(),
      { record: { protocol } },
    ]);
    const arn = this.#registry.newSubscriptionArn(topic);
    const { needsConfirmation } = this.#protocols.get(protocol);
    const subscription = new Subscription({
      arn,
      topicArn: topic.record.arn,
      protocol,
      endpoint,
      attributes,
      ...(needsConfirmation && { confirmation: this.#newConfirmation() }),
    });
    this.#registry.saveSubscription(subscription);
    this.#askToConfirm(subscription);
    return subscription;
  }

  /**
   * Makes the subscription stand that was asked to confirm with this token, be it new or ended.
   *
   * @throws AwsError InvalidParameter for a token that was not given out or is older than two days
   * @see https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
   */
  confirm(topicArn: string | undefined, token: string, authenticated: boolean): Subscription {
    const topic = this.#registry.topic(topicArn);
    const waiting = [...topic.subscriptions.values()].find(
      ({ record }) => record.confirmation?.token === token,
    );
    const record = waiting?.record ?? this.#endedByToken.get(token);
    const confirmation = record?.confirmation;
    if (record?.topicArn !== topic.record.arn || !confirmation) throw invalidParameter('Token');
    if (waiting && !waiting.pending) return waiting;
    if (this.#context.clock.now() - confirmation.requestedAt > TOKEN_LIFETIME_MS) {
      throw invalidParameter('Token');
    }
    this.#forgetEnded(token);
    const confirmed = { ...confirmation, confirmed: true, authenticated };
    const subscription = new Subscription({ ...record, confirmation: confirmed });
    this.#registry.saveSubscription(subscription);
    return subscription;
  }

  /**
   * Ends a subscription; an endpoint that had confirmed it is told, and how to come back.
   *
   * @throws AwsError InvalidParameter, AuthorizationError
   */
  unsubscribe(arn: string | undefined, caller: Caller): void {
    const confirmation = this.#registry.findSubscription(arn ?? '')?.record.confirmation;
    const anonymous = caller.kind === 'client' && caller.accessKeyId === 'anonymous';
    if (confirmation?.authenticated && anonymous) throw notAuthorized('Unsubscribe');
    const subscription = this.#registry.unsubscribe(arn);
    if (!subscription?.record.confirmation || subscription.pending) return;
    const renewed = this.#newConfirmation();
    const ended = new Subscription({ ...subscription.record, confirmation: renewed });
    this.#endedByToken.set(renewed.token, ended.record);
    this.#ended.put(renewed.token, ended.record);
    this.#http.confirm('UnsubscribeConfirmation', ended, renewed.token);
  }

  #newConfirmation(): NonNullable<SubscriptionRecord['confirmation']> {
    const now = this.#context.clock.now();
    for (const [token, { confirmation }] of this.#endedByToken) {
      if (now - (confirmation?.requestedAt ?? 0) > TOKEN_LIFETIME_MS) this.#forgetEnded(token);
    }
    const token = randomBytes(128).toString('hex');
    return { token, requestedAt: now, confirmed: false, authenticated: false };
  }

  #forgetEnded(token: string): void {
    if (this.#endedByToken.delete(token)) this.#ended.delete(token);
  }

  #askToConfirm(subscription: Subscription): void {
    const token = subscription.record.confirmation?.token;
    if (token === undefined || !subscription.pending) return;
    this.#http.confirm('SubscriptionConfirmation', subscription, token);
  }

  /**
   * Changes attributes of a subscription and keeps its others.
   *
   * @throws AwsError InvalidParameter
   */
  setAttributes(subscription: Subscription, changes: Record<string, string>): Subscription {
    return this.replaceAttributes(subscription, {
      ...subscription.record.attributes,
      ...changes,
    });
  }

  /**
   * Gives a subscription exactly these attributes; an empty redrive or delivery policy is none.
   *
   * @throws AwsError InvalidParameter
   */
  replaceAttributes({ record }: Subscription, wanted: Record<string, string>): Subscription {
    const attributes = Object.fromEntries(
      Object.entries(wanted).filter(([name, value]) => value !== '' || !REMOVABLE.has(name)),
    );
    const { fifo } = this.#registry.topic(record.topicArn).record;
    const setting = this.#setting(record.protocol, record.endpoint, fifo);
    checkSubscriptionAttributes(attributes, setting, '');
    const subscription = new Subscription({ ...record, attributes });
    this.#registry.saveSubscription(subscription);
    return subscription;
  }

  #setting(protocol: string, endpoint: string, fifoTopic: boolean): SubscriptionSetting {
    const { supportsRawDelivery } = this.#protocols.get(protocol);
    return { protocol, endpoint, fifoTopic, supportsRawDelivery };
  }
}

/** Attributes that an empty text takes away. A filter policy ends with `{}` instead. */
const REMOVABLE = new Set(['RedrivePolicy', 'DeliveryPolicy']);

const plain = (value: string | undefined): string | undefined =>
  /^(?:true|false)$/i.test(value ?? '') ? value?.toLowerCase() : value;

/**
 * True when a subscription has each of these attributes already, by its default or set, however the
 * case of a boolean is written.
 */
function sameAttributes(wanted: Record<string, string>, existing: Subscription): boolean {
  const actual: Record<string, string> = {
    FilterPolicyScope: scopeOf(existing.record.attributes),
    RawMessageDelivery: 'false',
    ...existing.record.attributes,
  };
  return Object.entries(wanted).every(([name, value]) => plain(value) === plain(actual[name]));
}
