import { queryString, type QueryTree } from '../../endpoint/query-protocol.ts';
import { invalidParameter, resourceNotFound } from '../sns-errors.ts';
import { checkTags } from '../tags.ts';
import type { TopicRegistry } from '../topic-registry.ts';
import type { Topic } from '../topic.ts';
import { stringList, treeList, type Action } from './action.ts';

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
