import * as z from 'zod';
import { queryString } from '../../endpoint/query-protocol.ts';
import { invalidParameter } from '../sns-errors.ts';
import { topicAttributes } from '../topic-attributes.ts';
import type { TopicRegistry } from '../topic-registry.ts';
import type { Topic } from '../topic.ts';
import { stringList, type Action } from './action.ts';
import { setTopicAttributes } from './topic-actions.ts';

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
