import * as z from 'zod';
import { invalidParameter, invalidValue, unknownAttribute } from '../errors.ts';
import type { EmulatedQueue } from '../model/emulated-queue.ts';
import { MAXIMUM_TAGS } from '../model/limits.ts';
import { isSettableAttribute } from '../model/queue-attributes.ts';
import { action, type Action, queueOf, required, text, textList, textMap } from './action.ts';

/** GetQueueAttributes and SetQueueAttributes. */
export const attributeActions: Record<string, Action> = {
  GetQueueAttributes: action(
    z.object({ QueueUrl: text, AttributeNames: textList }),
    ({ QueueUrl, AttributeNames: names }, call) => {
      const queue = queueOf(QueueUrl, call);
      const computed = computedAttributes(queue);
      for (const name of names) {
        const known = name === 'All' || name in computed || isSettableAttribute(name);
        if (!known) throw unknownAttribute(name);
      }
      const attributes = Object.entries({ ...queue.record.attributes, ...computed });
      const wanted = names.includes('All')
        ? attributes
        : attributes.filter(([name]) => names.includes(name));
      return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
    },
  ),

  SetQueueAttributes: action(
    z.object({ QueueUrl: text, Attributes: textMap }),
    ({ QueueUrl, Attributes }, call) => {
      call.registry.setAttributes(queueOf(QueueUrl, call), Attributes);
      return {};
    },
  ),
};

function computedAttributes(queue: EmulatedQueue): Record<string, string> {
  const { ledger, record, arn } = queue;
  ledger.settle();
  return {
    QueueArn: arn,
    ApproximateNumberOfMessages: String(ledger.count('visible')),
    ApproximateNumberOfMessagesNotVisible: String(ledger.count('in-flight')),
    ApproximateNumberOfMessagesDelayed: String(ledger.count('delayed')),
    CreatedTimestamp: String(Math.floor(record.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(record.modifiedAt / 1000)),
  };
}

/** As much of a queue policy as these actions look at; the rest passes through untouched. */
const policySchema = z.looseObject({
  Statement: z.array(z.looseObject({ Sid: z.string().optional() })),
});
type Policy = z.infer<typeof policySchema>;

/** AddPermission and RemovePermission, which edit the queue policy by label. */
export const permissionActions: Record<string, Action> = {
  AddPermission: action(
    z.object({ QueueUrl: text, Label: text, AWSAccountIds: textList, Actions: textList }),
    ({ QueueUrl, Label, AWSAccountIds, Actions }, call) => {
      const queue = queueOf(QueueUrl, call);
      const label = required(Label, 'Label');
      if (!/^[A-Za-z0-9_-]{1,80}$/.test(label)) {
        throw invalidValue(
          label,
          'Label',
          'It can include alphanumeric characters, hyphens and underscores, 1 to 80 in length.',
        );
      }
      required(AWSAccountIds[0], 'AWSAccountIds');
      required(Actions[0], 'Actions');
      const policy = policyOf(queue.policy, queue.arn);
      if (policy.Statement.some(({ Sid }) => Sid === label)) {
        throw invalidValue(label, 'Label', 'Already exists.');
      }
      policy.Statement.push({
        Sid: label,
        Effect: 'Allow',
        Principal: { AWS: oneOrMany(AWSAccountIds.map((id) => `arn:aws:iam::${id}:root`)) },
        Action: oneOrMany(Actions.map((name) => `SQS:${name}`)),
        Resource: queue.arn,
      });
      call.registry.setAttributes(queue, { Policy: JSON.stringify(policy) });
      return {};
    },
  ),

  RemovePermission: action(
    z.object({ QueueUrl: text, Label: text }),
    ({ QueueUrl, Label }, call) => {
      const queue = queueOf(QueueUrl, call);
      const label = required(Label, 'Label');
      const policy = policyOf(queue.policy, queue.arn);
      const kept = policy.Statement.filter(({ Sid }) => Sid !== label);
      if (kept.length === policy.Statement.length) {
        throw invalidValue(label, 'Label', "can't find label.");
      }
      const changed = kept.length === 0 ? '' : JSON.stringify({ ...policy, Statement: kept });
      call.registry.setAttributes(queue, { Policy: changed });
      return {};
    },
  ),
};

const oneOrMany = (values: string[]): string | string[] =>
  values.length === 1 ? (values[0] ?? values) : values;

const policyOf = (policy: string | undefined, arn: string): Policy =>
  policy === undefined
    ? { Version: '2008-10-17', Id: `${arn}/SQSDefaultPolicy`, Statement: [] }
    : policySchema.parse(JSON.parse(policy));

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
