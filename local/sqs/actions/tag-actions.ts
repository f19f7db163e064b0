import * as z from 'zod';
import { invalidParameter } from '../errors.ts';
import { MAXIMUM_TAGS } from '../limits.ts';
import { action, queueOf, text, textList, textMap, type Action } from './action.ts';

/** @throws AwsError InvalidParameterValue */
export function validateTags(tags: Record<string, string>): void {
  const entries = Object.entries(tags);
  if (entries.length > MAXIMUM_TAGS) {
    throw invalidParameter(`Too many tags added for queue. Maximum allowed are ${MAXIMUM_TAGS}.`);
  }
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 128 || value.length > 256 || /^aws:/i.test(key)) {
      throw invalidParameter(
        `The tag ${key} is invalid. Keys have 1 to 128 characters and do not start with aws:, values up to 256.`,
      );
    }
  }
}

/** TagQueue, UntagQueue, ListQueueTags. */
export const tagActions: Record<string, Action> = {
  TagQueue: action(z.object({ QueueUrl: text, Tags: textMap }), ({ QueueUrl, Tags }, call) => {
    const queue = queueOf(QueueUrl, call);
    const tags = { ...queue.record.tags, ...Tags };
    validateTags(tags);
    queue.update({ tags });
    return {};
  }),

  UntagQueue: action(
    z.object({ QueueUrl: text, TagKeys: textList }),
    ({ QueueUrl, TagKeys }, call) => {
      const queue = queueOf(QueueUrl, call);
      const kept = Object.entries(queue.record.tags).filter(([key]) => !TagKeys.includes(key));
      queue.update({ tags: Object.fromEntries(kept) });
      return {};
    },
  ),

  ListQueueTags: action(z.object({ QueueUrl: text }), ({ QueueUrl }, call) => {
    const { tags } = queueOf(QueueUrl, call).record;
    return Object.keys(tags).length === 0 ? {} : { Tags: tags };
  }),
};
