import * as z from 'zod';
import { parseJson } from '../../json/parse-json.ts';
import { faultOfDeliveryPolicy } from './delivery-policy.ts';
import { invalidParameter, tooManyTags } from '../errors.ts';
import type { Subscription } from './subscription.ts';

export const topicRecordSchema = z.object({
  arn: z.string(),
  name: z.string(),
  fifo: z.boolean(),
  /** Only attributes that were set; `topicAttributes` tells all that a topic has. */
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

const STANDARD_NAME = /^[A-Za-z0-9_-]{1,256}$/;
const FIFO_NAME = /^(?=.{1,256}$)[A-Za-z0-9_-]+\.fifo$/;

/**
 * Up to 256 letters, digits, hyphens and underscores; a FIFO topic's name ends in `.fifo`.
 *
 * @throws AwsError InvalidParameter
 * @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
 */
export function checkTopicName(name: string | undefined, fifo: boolean): string {
  if (fifo && !FIFO_NAME.test(name ?? '')) {
    throw invalidParameter(
      'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.',
    );
  }
  if (name === undefined || (!fifo && !STANDARD_NAME.test(name))) {
    throw invalidParameter('Topic Name');
  }
  return name;
}

const isBoolean = (value: string): boolean => /^(?:true|false)$/i.test(value);
const isJsonObject = (value: string): boolean => {
  const parsed = parseJson(value);
  return typeof parsed === 'object' && parsed !== null;
};
const anything = (): boolean => true;

/** Bounds and default of MaximumMessageSize, in bytes. */
const SMALLEST_LIMIT = 1_024;
const DEFAULT_LIMIT = 262_144;
const LARGEST_LIMIT = 1_048_576;
/** What a topic that takes more than 256 KiB may have. */
const MOST_SUBSCRIPTIONS = 100;
const PROTOCOLS_OF_LARGE_MESSAGES = new Set(['sqs', 'lambda', 'firehose']);

/** The attributes that a caller may set, and which values they take. */
const SETTABLE: Record<string, (value: string) => boolean> = {
  DisplayName: (value) => value.length <= 100,
  Policy: isJsonObject,
  DeliveryPolicy: (value) => value === '' || faultOfDeliveryPolicy(value, 'topic') === undefined,
  KmsMasterKeyId: anything,
  SignatureVersion: (value) => value === '1' || value === '2',
  TracingConfig: (value) => value === 'PassThrough' || value === 'Active',
  DataProtectionPolicy: isJsonObject,
  MaximumMessageSize: (value) =>
    /^\d+$/.test(value) && Number(value) >= SMALLEST_LIMIT && Number(value) <= LARGEST_LIMIT,
};

const SETTABLE_ON_FIFO: Record<string, (value: string) => boolean> = {
  ContentBasedDeduplication: isBoolean,
  FifoThroughputScope: (value) => value === 'Topic' || value === 'MessageGroup',
};

const FEEDBACK =
  /^(?:HTTP|Firehose|Lambda|Application|SQS)(?:SuccessFeedbackRoleArn|SuccessFeedbackSampleRate|FailureFeedbackRoleArn)$/;

/**
 * @throws AwsError InvalidParameter for an unknown attribute or a value it does not take
 * @see https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
 */
export function checkTopicAttributes(attributes: Record<string, string>, fifo: boolean): void {
  for (const [name, value] of Object.entries(attributes)) checkAttribute(name, value, fifo);
}

function checkAttribute(name: string, value: string, fifo: boolean): void {
  if (FEEDBACK.test(name)) return;
  if (name === 'ArchivePolicy' && fifo && value !== '') {
    throw invalidParameter(
      'ArchivePolicy Reason: the local runtime does not archive messages, so none could be replayed',
    );
  }
  const accepts = SETTABLE[name] ?? (fifo ? SETTABLE_ON_FIFO[name] : undefined);
  if (!accepts) throw invalidParameter('AttributeName');
  if (!accepts(value)) {
    throw invalidParameter(`${name} Reason: Invalid value [${value}] for the attribute ${name}`);
  }
}

/** How many bytes a message of this topic may have, attributes included. */
export const maximumMessageSize = (attributes: Record<string, string>): number =>
  Number(attributes['MaximumMessageSize'] ?? DEFAULT_LIMIT);

/**
 * A topic that takes more than 256 KiB has 100 subscriptions at most, of protocols that can carry
 * such messages.
 *
 * @param attributes of the topic
 * @throws AwsError InvalidParameter
 * @see https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html
 */
export function checkLargeMessages(
  attributes: Record<string, string>,
  subscriptions: readonly { readonly record: { protocol: string } }[],
): void {
  if (maximumMessageSize(attributes) <= DEFAULT_LIMIT) return;
  const other = subscriptions.find(
    ({ record }) => !PROTOCOLS_OF_LARGE_MESSAGES.has(record.protocol),
  );
  if (other) {
    throw invalidParameter(
      `MaximumMessageSize Reason: a topic with messages above 256 KiB can not have a subscription of protocol ${other.record.protocol}`,
    );
  }
  if (subscriptions.length > MOST_SUBSCRIPTIONS) {
    throw invalidParameter(
      `MaximumMessageSize Reason: a topic with messages above 256 KiB can have ${MOST_SUBSCRIPTIONS} subscriptions at most`,
    );
  }
}

/** Every attribute of a topic, as GetTopicAttributes tells them. */
export function topicAttributes(topic: Topic, accountId: string): Record<string, string> {
  const { record, subscriptions } = topic;
  const pending = [...subscriptions.values()].filter((each) => each.pending).length;
  const fifo = record.fifo ? { FifoTopic: 'true', ContentBasedDeduplication: 'false' } : {};
  return {
    Policy: JSON.stringify(defaultPolicy(record.arn, accountId)),
    Owner: accountId,
    SubscriptionsPending: String(pending),
    TopicArn: record.arn,
    EffectiveDeliveryPolicy: JSON.stringify(DEFAULT_DELIVERY_POLICY),
    SubscriptionsConfirmed: String(subscriptions.size - pending),
    DisplayName: '',
    SubscriptionsDeleted: String(record.subscriptionsDeleted),
    ...fifo,
    ...record.attributes,
  };
}

export const isContentBased = (record: TopicRecord): boolean =>
  record.attributes['ContentBasedDeduplication']?.toLowerCase() === 'true';

const DEFAULT_DELIVERY_POLICY = {
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: 'linear',
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  },
};

const OWNER_ACTIONS = [
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
];

/** The policy of a topic that was given none: its owner may do everything. */
export const defaultPolicy = (topicArn: string, accountId: string): object => ({
  Version: '2008-10-17',
  Id: '__default_policy_ID',
  Statement: [
    {
      Sid: '__default_statement_ID',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: OWNER_ACTIONS.map((action) => `SNS:${action}`),
      Resource: topicArn,
      Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
    },
  ],
});

const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

/**
 * @throws AwsError InvalidParameter, TagLimitExceeded
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-tags.html
 */
export function checkTags(tags: Record<string, string>): void {
  const entries = Object.entries(tags);
  if (entries.length > MOST_TAGS) throw tooManyTags();
  for (const [key, value] of entries) {
    if (key === '' || key.length > LONGEST_KEY || key.toLowerCase().startsWith('aws:')) {
      throw invalidParameter(`Tags Reason: Invalid tag key ${key}`);
    }
    if (value.length > LONGEST_VALUE) {
      throw invalidParameter(`Tags Reason: The value of tag ${key} is too long`);
    }
  }
}
