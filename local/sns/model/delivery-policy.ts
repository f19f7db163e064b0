import * as z from 'zod';
import { parseJson } from '../../json/parse-json.ts';

/** In seconds, as every delay of a policy. */
const LONGEST_DELAY = 3_600;

const healthyRetryPolicySchema = z
  .object({
    minDelayTarget: z.number().int().min(1).max(LONGEST_DELAY).default(20),
    maxDelayTarget: z.number().int().min(1).max(LONGEST_DELAY).default(20),
    numRetries: z.number().int().min(0).max(100).default(3),
    numNoDelayRetries: z.number().int().min(0).default(0),
    numMinDelayRetries: z.number().int().min(0).default(0),
    numMaxDelayRetries: z.number().int().min(0).default(0),
    backoffFunction: z.enum(['linear', 'arithmetic', 'geometric', 'exponential']).default('linear'),
  })
  .refine((policy) => policy.minDelayTarget <= policy.maxDelayTarget, {
    error: 'minDelayTarget must not be greater than maxDelayTarget',
  })
  .refine((policy) => backoffRetries(policy) >= 0, {
    error: 'numRetries must be at least the sum of the retries of all phases',
  });

export type RetryPolicy = z.infer<typeof healthyRetryPolicySchema>;

const requestPolicySchema = z.object({ headerContentType: z.string().optional() });

const subscriptionPolicySchema = z.looseObject({
  healthyRetryPolicy: healthyRetryPolicySchema.nullish(),
  requestPolicy: requestPolicySchema.nullish(),
});

const topicPolicySchema = z.looseObject({
  http: z
    .looseObject({
      defaultHealthyRetryPolicy: healthyRetryPolicySchema.nullish(),
      disableSubscriptionOverrides: z.boolean().default(false),
      defaultRequestPolicy: requestPolicySchema.nullish(),
    })
    .optional(),
});

/** How messages reach HTTP(S) endpoints. */
export interface DeliveryPolicy {
  retries: RetryPolicy;
  contentType: string;
}

/**
 * The policy that holds for a subscription: its own before its topic's, unless that forbids it,
 * before SNS's. Both as JSON text.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html#creating-delivery-policy
 */
export function effectiveDeliveryPolicy(
  ofSubscription: string | undefined,
  ofTopic: string | undefined,
): DeliveryPolicy {
  const topic = topicPolicySchema.parse(parseJson(ofTopic ?? '{}') ?? {}).http;
  const own =
    topic?.disableSubscriptionOverrides === true
      ? undefined
      : subscriptionPolicySchema.parse(parseJson(ofSubscription ?? '{}') ?? {});
  return {
    retries:
      own?.healthyRetryPolicy ??
      topic?.defaultHealthyRetryPolicy ??
      healthyRetryPolicySchema.parse({}),
    contentType:
      own?.requestPolicy?.headerContentType ??
      topic?.defaultRequestPolicy?.headerContentType ??
      'text/plain; charset=UTF-8',
  };
}

/** What is wrong with a policy's text, or undefined. */
export function faultOfDeliveryPolicy(text: string, of: 'subscription' | 'topic') {
  const json = parseJson(text);
  if (json === undefined) return 'failed to parse JSON.';
  const schema = of === 'topic' ? topicPolicySchema : subscriptionPolicySchema;
  const [issue] = schema.safeParse(json).error?.issues ?? [];
  return issue && [issue.path.join('.'), issue.message].filter(Boolean).join(': ');
}

/**
 * The delay before the attempt that follows attempt number `attempt` (from 1), in milliseconds, or
 * undefined after the last: first without delay, then with the least, then backing off, then with
 * the greatest.
 */
export function delayByPolicy(policy: RetryPolicy, attempt: number): number | undefined {
  const { minDelayTarget: least, maxDelayTarget: greatest } = policy;
  const retry = attempt - 1;
  if (retry >= policy.numRetries) return undefined;
  if (retry < policy.numNoDelayRetries) return 0;
  const afterImmediate = retry - policy.numNoDelayRetries;
  if (afterImmediate < policy.numMinDelayRetries) return least * 1_000;
  const step = afterImmediate - policy.numMinDelayRetries;
  const steps = backoffRetries(policy);
  if (step >= steps) return greatest * 1_000;
  const share = steps === 1 ? 0 : step / (steps - 1);
  return Math.round((least + (greatest - least) * GROWTH[policy.backoffFunction](share)) * 1_000);
}

/** How much of the way from the least to the greatest delay is gone at a share of the steps. */
const GROWTH: Record<RetryPolicy['backoffFunction'], (share: number) => number> = {
  linear: (share) => share,
  arithmetic: (share) => (share + share ** 2) / 2,
  geometric: (share) => share ** 2,
  exponential: (share) => (10 ** share - 1) / 9,
};

const backoffRetries = (policy: {
  numRetries: number;
  numNoDelayRetries: number;
  numMinDelayRetries: number;
  numMaxDelayRetries: number;
}): number =>
  policy.numRetries -
  policy.numNoDelayRetries -
  policy.numMinDelayRetries -
  policy.numMaxDelayRetries;
