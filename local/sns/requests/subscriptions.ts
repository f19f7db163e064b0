import { queryString } from '../../endpoint/query-protocol.ts';
import type { Protocols } from '../delivery/protocols.ts';
import { invalidParameter } from '../errors.ts';
import {
  checkSubscriptionAttributes,
  Subscription,
  scopeOf,
  subscriptionAttributes,
  type SubscriptionSetting,
} from '../model/subscription.ts';
import { checkLargeMessages } from '../model/topic.ts';
import type { TopicRegistry } from '../model/topic-registry.ts';
import { type Action, entriesOf, page, stringMap } from './action.ts';

/** What a subscription is made with. */
export interface SubscriptionDefinition {
  topicArn: string | undefined;
  protocol: string | undefined;
  endpoint: string | undefined;
  attributes: Record<string, string>;
}

/** Subscriptions and their attributes, as the API changes them. */
export class SubscriptionCommands {
  readonly #registry: TopicRegistry;
  readonly #protocols: Protocols;

  constructor(registry: TopicRegistry, protocols: Protocols) {
    this.#registry = registry;
    this.#protocols = protocols;
  }

  /**
   * Subscribes an endpoint; one that is subscribed already keeps its subscription.
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
      return existing;
    }
    checkLargeMessages(topic.record.attributes, [
      ...topic.subscriptions.values(),
      { record: { protocol } },
    ]);
    const arn = this.#registry.newSubscriptionArn(topic);
    const record = { arn, topicArn: topic.record.arn, protocol, endpoint, attributes };
    const subscription = new Subscription(record);
    this.#registry.saveSubscription(subscription);
    return subscription;
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

/** Flags count as equal however they are capitalised. */
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

export const subscriptionActions = (
  registry: TopicRegistry,
  commands: SubscriptionCommands,
  accountId: string,
): Record<string, Action> => {
  const listed = (subscriptions: Subscription[], token: string | undefined): object => {
    const { items, next } = page(subscriptions, ({ arn }) => arn, token);
    const member = items.map(({ record }) => ({
      SubscriptionArn: record.arn,
      Owner: accountId,
      Protocol: record.protocol,
      Endpoint: record.endpoint,
      TopicArn: record.topicArn,
    }));
    return { Subscriptions: { member }, ...next };
  };
  return {
    Subscribe(parameters) {
      const subscription = commands.subscribe({
        topicArn: queryString(parameters, 'TopicArn'),
        protocol: queryString(parameters, 'Protocol'),
        endpoint: queryString(parameters, 'Endpoint'),
        attributes: stringMap(parameters, 'Attributes'),
      });
      return { SubscriptionArn: subscription.arn };
    },

    // Queues and functions of the same account need no confirmation, so no token is ever out.
    ConfirmSubscription(parameters) {
      registry.topic(queryString(parameters, 'TopicArn'));
      throw invalidParameter('Token');
    },

    Unsubscribe(parameters) {
      registry.unsubscribe(queryString(parameters, 'SubscriptionArn'));
      return undefined;
    },

    ListSubscriptions: (parameters) =>
      listed(registry.subscriptions(), queryString(parameters, 'NextToken')),

    ListSubscriptionsByTopic(parameters) {
      const topic = registry.topic(queryString(parameters, 'TopicArn'));
      return listed([...topic.subscriptions.values()], queryString(parameters, 'NextToken'));
    },

    GetSubscriptionAttributes(parameters) {
      const subscription = registry.subscription(queryString(parameters, 'SubscriptionArn'));
      return { Attributes: entriesOf(subscriptionAttributes(subscription, accountId)) };
    },

    SetSubscriptionAttributes(parameters) {
      const subscription = registry.subscription(queryString(parameters, 'SubscriptionArn'));
      const name = queryString(parameters, 'AttributeName') ?? '';
      const value = queryString(parameters, 'AttributeValue') ?? '';
      commands.setAttributes(subscription, { [name]: value });
      return undefined;
    },
  };
};
