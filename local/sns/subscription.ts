import * as z from 'zod';
import { FilterPolicy, type FilterPolicyScope } from './filter/filter-policy.ts';

export const subscriptionRecordSchema = z.object({
  arn: z.string(),
  topicArn: z.string(),
  protocol: z.string(),
  endpoint: z.string(),
  /** Only attributes that were set. */
  attributes: z.record(z.string(), z.string()),
});

/** A subscription as it is stored. */
export type SubscriptionRecord = z.infer<typeof subscriptionRecordSchema>;

export const redrivePolicySchema = z.object({ deadLetterTargetArn: z.string() });

/** A subscription with its attributes read and its filter policy compiled. */
export class Subscription {
  readonly record: SubscriptionRecord;
  readonly filter: FilterPolicy | undefined;
  readonly rawMessageDelivery: boolean;
  readonly deadLetterQueueArn: string | undefined;

  /** @throws FilterPolicyError */
  constructor(record: SubscriptionRecord) {
    this.record = record;
    const { FilterPolicy: policy, RawMessageDelivery, RedrivePolicy } = record.attributes;
    this.filter =
      policy === undefined ? undefined : new FilterPolicy(policy, scopeOf(record.attributes));
    this.rawMessageDelivery = RawMessageDelivery?.toLowerCase() === 'true';
    this.deadLetterQueueArn =
      RedrivePolicy === undefined
        ? undefined
        : redrivePolicySchema.parse(JSON.parse(RedrivePolicy)).deadLetterTargetArn;
  }

  get arn(): string {
    return this.record.arn;
  }
}

export const scopeOf = (attributes: Record<string, string>): FilterPolicyScope =>
  attributes['FilterPolicyScope'] === 'MessageBody' ? 'MessageBody' : 'MessageAttributes';
