import * as z from 'zod';
import { invalidValue } from '../errors.ts';
import { action, queueOf, required, text, textList, type Action } from './action.ts';

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
