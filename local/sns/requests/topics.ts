import { queryString } from '../../endpoint/query-protocol.ts';
import { invalidParameter } from '../errors.ts';
import type { Deduplication } from '../model/deduplication.ts';
import type { TopicRegistry } from '../model/topic-registry.ts';
import {
  checkTags,
  checkLargeMessages,
  checkTopicAttributes,
  checkTopicName,
  type Topic,
  topicAttributes,
} from '../model/topic.ts';
import { type Action, entriesOf, page, stringMap } from './action.ts';
import { readTags } from './tags-and-permissions.ts';

/** What a topic is created with. */
export interface TopicDefinition {
  name: string | undefined;
  attributes: Record<string, string>;
  tags: Record<string, string>;
}

/**
 * Creates a topic, or finds the one of this name.
 *
 * @throws AwsError InvalidParameter, also when the existing topic has other attributes or tags
 * @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
 */
export function createTopic(
  registry: TopicRegistry,
  definition: TopicDefinition,
  accountId: string,
): Topic {
  const { FifoTopic, ...attributes } = definition.attributes;
  const fifo = FifoTopic?.toLowerCase() === 'true';
  const name = checkTopicName(definition.name, fifo);
  checkTopicAttributes(attributes, fifo);
  checkTags(definition.tags);
  const arn = registry.arnOf(name);
  const existing = registry.find(arn);
  if (!existing) {
    const { tags } = definition;
    return registry.saveTopic({ arn, name, fifo, attributes, tags, subscriptionsDeleted: 0 });
  }
  const current = { FifoThroughputScope: 'Topic', ...topicAttributes(existing, accountId) };
  if (differs(attributes, current)) {
    throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
  }
  if (differs(definition.tags, existing.record.tags)) {
    throw invalidParameter('Tags Reason: Topic already exists with different tags');
  }
  return existing;
}

const differs = (wanted: Record<string, string>, actual: Record<string, string>): boolean =>
  Object.entries(wanted).some(([key, value]) => actual[key] !== value);

/**
 * Gives an existing topic exactly the attributes and tags of a definition.
 *
 * @throws AwsError InvalidParameter
 */
export function replaceTopic(
  registry: TopicRegistry,
  { record, subscriptions }: Topic,
  definition: TopicDefinition,
): Topic {
  const { FifoTopic: _, ...attributes } = definition.attributes;
  const { tags } = definition;
  checkTopicAttributes(attributes, record.fifo);
  checkLargeMessages(attributes, [...subscriptions.values()]);
  checkTags(tags);
  return registry.saveTopic({ ...record, attributes, tags });
}

/** @throws AwsError InvalidParameter */
export function setTopicAttributes(
  registry: TopicRegistry,
  { record, subscriptions }: Topic,
  attributes: Record<string, string>,
): Topic {
  checkTopicAttributes(attributes, record.fifo);
  checkLargeMessages(attributes, [...subscriptions.values()]);
  return registry.saveTopic({ ...record, attributes: { ...record.attributes, ...attributes } });
}

export const topicActions = (
  registry: TopicRegistry,
  deduplication: Deduplication,
  accountId: string,
): Record<string, Action> => ({
  CreateTopic(parameters) {
    const definition = {
      name: queryString(parameters, 'Name'),
      attributes: stringMap(parameters, 'Attributes'),
      tags: readTags(parameters),
    };
    return { TopicArn: createTopic(registry, definition, accountId).record.arn };
  },

  DeleteTopic(parameters) {
    const arn = queryString(parameters, 'TopicArn');
    if (arn === undefined || arn.split(':').length < 6) throw invalidParameter('TopicArn');
    registry.deleteTopic(arn);
    deduplication.forgetTopic(arn);
    return undefined;
  },

  ListTopics(parameters) {
    const arns = registry.topics().map(({ record }) => record.arn);
    const { items, next } = page(arns, (arn) => arn, queryString(parameters, 'NextToken'));
    return { Topics: { member: items.map((TopicArn) => ({ TopicArn })) }, ...next };
  },

  GetTopicAttributes(parameters) {
    const topic = registry.topic(queryString(parameters, 'TopicArn'));
    return { Attributes: entriesOf(topicAttributes(topic, accountId)) };
  },

  SetTopicAttributes(parameters) {
    const topic = registry.topic(queryString(parameters, 'TopicArn'));
    const name = queryString(parameters, 'AttributeName') ?? '';
    const value = queryString(parameters, 'AttributeValue') ?? '';
    setTopicAttributes(registry, topic, { [name]: value });
    return undefined;
  },
});
