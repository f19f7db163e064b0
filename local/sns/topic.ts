import * as z from 'zod';
import type { Subscription } from './subscription.ts';

export const topicRecordSchema = z.object({
  arn: z.string(),
  name: z.string(),
  fifo: z.boolean(),
  /** Only attributes that were set; see topic-attributes.ts for those that a topic has. */
  attributes: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
  subscriptionsDeleted: z.number(),
});

/** A topic as it is stored. */
export type TopicRecord = z.infer<typeof topicRecordSchema>;

export interface Topic {
  readonly record: TopicRecord;
  /** By ARN, in the order of subscribing. */
  readonly subscriptions: Map<string, Subscription>;
}
