import * as z from 'zod';
import { queryString, type QueryTree } from '../../endpoint/query-protocol.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import type { TopicRegistry } from '../model/topic-registry.ts';
import { checkTags, type Topic, topicAttributes } from '../model/topic.ts';
import { type Action, stringList, treeList } from './action.ts';
import { setTopicAttributes } from './topics.ts';

/** @throws AwsError InvalidParameter when a key comes twice */
export function readTags(parameters: QueryTree): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const tag of treeList(parameters, 'Tags')) {
    const key = queryString(tag, 'Key') ?? '';
    if (Object.hasOwn(tags, key)) throw invalidParameter('Duplicated keys are not allowed.');
    tags[key] = queryString(tag, 'Value') ?? '';
  }
  return tags;
}

export function tagActions(registry: TopicRegistry): Record<string, Action> {
  const taggedTopic = (parameters: QueryTree): Topic => {
    const topic = registry.find(queryString(parameters, 'ResourceArn') ?? '');
    if (!topic) throw resourceNotFound();
    return topic;
  };
  return {
    TagResource(parameters) {
      const { record } = taggedTopic(parameters);
      const tags = { ...record.tags, ...readTags(parameters) };
      checkTags(tags);
      registry.saveTopic({ ...record, tags });
      return {};
    },

    UntagResource(parameters) {
      const { record } = taggedTopic(parameters);
      const removed = stringList(parameters, 'TagKeys');
      const kept = Object.entries(record.tags).filter(([key]) => !removed.includes(key));
      registry.saveTopic({ ...record, tags: Object.fromEntries(kept) });
      return {};
    },

    ListTagsForResource(parameters) {
      const { tags } = taggedTopic(parameters).record;
      return { Tags: { member: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } };
    },
  };
}

const policySchema = z.looseObject({
  Statement: z.array(z.looseObject({ Sid: z.string().optional() })),
});

const GRANTABLE = new Set([
  'Publish',
  'RemovePermission',
  'SetTopicAttributes',
  'DeleteTopic',
  'ListSubscriptionsByTopic',
  'GetTopicAttributes',
  'AddPermission',
  'Subscribe',
]);

/** @see https://docs.aws.amazon.com/sns/latest/api/API_AddPermission.html */
export function permissionActions(
  registry: TopicRegistry,
  accountId: string,
): Record<string, Action> {
  const policyOf = (topic: Topic): z.infer<typeof policySchema> =>
    policySchema.parse(JSON.parse(topicAttributes(topic, accountId)['Policy'] ?? ''));
  return {
    AddPermission(parameters) {
      const topic = registry.topic(queryString(parameters, 'TopicArn'));
      const label = queryString(parameters, 'Label') ?? '';
      const actions = stringList(parameters, 'ActionName');
      if (!actions.every((action) => GRANTABLE.has(action))) {
        throw invalidParameter('Policy statement action out of service scope!');
      }
      const policy = policyOf(topic);
      if (policy.Statement.some(({ Sid }) => Sid === label)) {
        throw invalidParameter('Statement already exists');
      }
      const statement = {
        Sid: label,
        Effect: 'Allow',
        Principal: {
          AWS: stringList(parameters, 'AWSAccountId').map((id) => `arn:aws:iam::${id}:root`),
        },
        Action: actions.map((action) => `SNS:${action}`),
        Resource: topic.record.arn,
      };
      const Policy = JSON.stringify({ ...policy, Statement: [...policy.Statement, statement] });
      setTopicAttributes(registry, topic, { Policy });
      return undefined;
    },

    RemovePermission(parameters) {
      const topic = registry.topic(queryString(parameters, 'TopicArn'));
      const label = queryString(parameters, 'Label') ?? '';
      const policy = policyOf(topic);
      const Statement = policy.Statement.filter(({ Sid }) => Sid !== label);
      setTopicAttributes(registry, topic, { Policy: JSON.stringify({ ...policy, Statement }) });
      return undefined;
    },
  };
}
