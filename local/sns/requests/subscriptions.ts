import { queryString } from '../../endpoint/query-protocol.ts';
import { subscriptionAttributes, type Subscription } from '../model/subscription.ts';
import type { TopicRegistry } from '../model/topic-registry.ts';
import type { SubscriptionCommands } from '../model/subscription-commands.ts';
import { type Action, entriesOf, page, stringMap } from './action.ts';

const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === 'true';

export const subscriptionActions = (
  registry: TopicRegistry,
  commands: SubscriptionCommands,
  accountId: string,
): Record<string, Action> => {
  const listed = (subscriptions: Subscription[], token: string | undefined): object => {
    const { items, next } = page(subscriptions, ({ arn }) => arn, token);
    const member = items.map(({ record, pending }) => ({
      SubscriptionArn: pending ? 'PendingConfirmation' : record.arn,
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
      const told =
        !subscription.pending || isTrue(queryString(parameters, 'ReturnSubscriptionArn'));
      return { SubscriptionArn: told ? subscription.arn : 'pending confirmation' };
    },

    ConfirmSubscription(parameters) {
      const { arn } = commands.confirm(
        queryString(parameters, 'TopicArn'),
        queryString(parameters, 'Token') ?? '',
        isTrue(queryString(parameters, 'AuthenticateOnUnsubscribe')),
      );
      return { SubscriptionArn: arn };
    },

    Unsubscribe(parameters, caller) {
      commands.unsubscribe(queryString(parameters, 'SubscriptionArn'), caller);
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
