import * as z from 'zod';
import { PatternError } from '../../patterns/errors.ts';
import { parseJson } from '../../json/parse-json.ts';
import { faultOfDeliveryPolicy } from './delivery-policy.ts';
import { invalidParameter } from '../errors.ts';
import { FilterPolicy, type FilterPolicyScope } from './filter-policy.ts';

export const subscriptionRecordSchema = z.object({
  arn: z.string(),
  topicArn: z.string(),
  protocol: z.string(),
  endpoint: z.string(),
  /** Only attributes that were set. */
  attributes: z.record(z.string(), z.string()),
  /** Of endpoints that have to confirm: what they confirm with, and whether they did. */
  confirmation: z.exactOptional(
    z.object({
      token: z.string(),
      /** Milliseconds since the epoch. */
      requestedAt: z.number(),
      confirmed: z.boolean(),
      /** Only its owner may unsubscribe (AuthenticateOnUnsubscribe). */
      authenticated: z.boolean(),
    }),
  ),
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

  /** @throws PatternError */
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

  /** True as long as its endpoint has not confirmed it: nothing is delivered. */
  get pending(): boolean {
    return this.record.confirmation?.confirmed === false;
  }
}

export const scopeOf = (attributes: Record<string, string>): FilterPolicyScope =>
  attributes['FilterPolicyScope'] === 'MessageBody' ? 'MessageBody' : 'MessageAttributes';

/** What the rules for an attribute depend on. */
export interface SubscriptionSetting {
  protocol: string;
  endpoint: string;
  fifoTopic: boolean;
  supportsRawDelivery: boolean;
}

/**
 * Checks attributes as a whole, since a filter policy is read in its scope.
 *
 * @param prefix `Attributes Reason: ` when they came with Subscribe
 * @throws AwsError InvalidParameter
 * @see https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html
 */
export function checkSubscriptionAttributes(
  attributes: Record<string, string>,
  setting: SubscriptionSetting,
  prefix: string,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    const fault = faultOf(name, value, setting);
    if (fault !== undefined) throw invalidParameter(`${prefix}${fault}`);
  }
  const policy = attributes['FilterPolicy'];
  if (policy === undefined) return;
  try {
    void new FilterPolicy(policy, scopeOf(attributes));
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw invalidParameter(`${prefix}FilterPolicy: ${error.message}`);
  }
}

function faultOf(name: string, value: string, setting: SubscriptionSetting): string | undefined {
  switch (name) {
    case 'FilterPolicy':
    case 'SubscriptionRoleArn':
      return undefined;
    case 'FilterPolicyScope':
      return value === 'MessageAttributes' || value === 'MessageBody'
        ? undefined
        : `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`;
    case 'RawMessageDelivery':
      return faultOfRawDelivery(value, setting);
    case 'RedrivePolicy':
      return faultOfRedrivePolicy(value, setting);
    case 'DeliveryPolicy':
      return faultOfPolicy(value);
    case 'ReplayPolicy':
      return 'ReplayPolicy: the local runtime does not replay archived messages yet';
    default:
      return 'AttributeName';
  }
}

function faultOfPolicy(value: string): string | undefined {
  const fault = faultOfDeliveryPolicy(value, 'subscription');
  return fault === undefined ? undefined : `DeliveryPolicy: ${fault}`;
}

function faultOfRawDelivery(value: string, setting: SubscriptionSetting): string | undefined {
  if (!/^(?:true|false)$/i.test(value)) {
    return `RawMessageDelivery: Invalid value [${value}]. Must be true or false.`;
  }
  return value.toLowerCase() === 'true' && !setting.supportsRawDelivery
    ? `RawMessageDelivery: Delivery protocol [${setting.protocol}] does not support raw message delivery.`
    : undefined;
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html */
function faultOfRedrivePolicy(value: string, setting: SubscriptionSetting): string | undefined {
  const parsed = parseJson(value);
  if (parsed === undefined) return 'RedrivePolicy: failed to parse JSON.';
  const policy = redrivePolicySchema.safeParse(parsed);
  if (!policy.success || !/^arn:[^:]+:sqs:[^:]+:\d+:[^:]+$/.test(policy.data.deadLetterTargetArn)) {
    return 'RedrivePolicy: deadLetterTargetArn is an invalid arn';
  }
  const fifoQueue = policy.data.deadLetterTargetArn.endsWith('.fifo');
  const fifoSubscription = setting.fifoTopic && setting.endpoint.endsWith('.fifo');
  if (fifoSubscription && !fifoQueue) {
    return 'RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.';
  }
  if (!setting.fifoTopic && fifoQueue) {
    return 'RedrivePolicy: must use a standard queue as DLQ for a subscription to a standard topic.';
  }
  return undefined;
}

/** Every attribute of a subscription, as GetSubscriptionAttributes tells them. */
export function subscriptionAttributes(
  { record, pending }: Subscription,
  accountId: string,
): Record<string, string> {
  const { FilterPolicyScope: _, ...set } = record.attributes;
  const scope =
    set['FilterPolicy'] === undefined ? {} : { FilterPolicyScope: scopeOf(record.attributes) };
  return {
    SubscriptionPrincipal: `arn:aws:iam::${accountId}:root`,
    Owner: accountId,
    RawMessageDelivery: 'false',
    TopicArn: record.topicArn,
    Endpoint: record.endpoint,
    Protocol: record.protocol,
    PendingConfirmation: String(pending),
    ConfirmationWasAuthenticated: String(record.confirmation?.authenticated ?? true),
    SubscriptionArn: record.arn,
    ...set,
    ...scope,
  };
}
