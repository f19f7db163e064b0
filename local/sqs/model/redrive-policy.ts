import * as z from 'zod';
import { parseJson } from '../../json/parse-json.ts';
import { invalidValue } from '../errors.ts';

const QUEUE_ARN = /^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/;
const MAXIMUM_RECEIVE_COUNT = 1_000;
const MAXIMUM_SOURCE_QUEUES = 10;

export interface RedrivePolicy {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

const redrivePolicy = z.object({
  deadLetterTargetArn: z.string().optional(),
  maxReceiveCount: z.union([z.number(), z.string()]).optional(),
});

/**
 * @throws AwsError InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export function parseRedrivePolicy(text: string): RedrivePolicy {
  const refuse = (reason: string) => invalidValue(text, 'RedrivePolicy', reason);
  const parsed = redrivePolicy.safeParse(parseMap(text, 'RedrivePolicy'));
  if (!parsed.success) throw refuse('Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn, maxReceiveCount } = parsed.data;
  if (deadLetterTargetArn === undefined) {
    throw refuse('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  }
  if (maxReceiveCount === undefined) {
    throw refuse('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  }
  if (!QUEUE_ARN.test(deadLetterTargetArn)) {
    throw refuse('Invalid value for deadLetterTargetArn.');
  }
  const count = maxReceiveCount === '' ? Number.NaN : Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > MAXIMUM_RECEIVE_COUNT) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${maxReceiveCount}, valid values are from 1 to ${MAXIMUM_RECEIVE_COUNT} both inclusive.`,
    );
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
}

export interface RedriveAllowPolicy {
  redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  sourceQueueArns?: string[] | undefined;
}

const redriveAllowPolicy = z.object({
  redrivePermission: z.enum(['allowAll', 'denyAll', 'byQueue']),
  sourceQueueArns: z.array(z.string()).optional(),
});

/**
 * @throws AwsError InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export function parseRedriveAllowPolicy(text: string): RedriveAllowPolicy {
  const refuse = (reason: string) => invalidValue(text, 'RedriveAllowPolicy', reason);
  const parsed = redriveAllowPolicy.safeParse(parseMap(text, 'RedriveAllowPolicy'));
  if (!parsed.success) {
    throw refuse(
      "Amazon SQS can't create the redrive allow policy. It must be a JSON map with a redrivePermission of allowAll, denyAll or byQueue.",
    );
  }
  const { redrivePermission, sourceQueueArns } = parsed.data;
  if (redrivePermission !== 'byQueue' && sourceQueueArns !== undefined) {
    throw refuse('You can specify sourceQueueArns only when redrivePermission is byQueue.');
  }
  if (redrivePermission === 'byQueue' && !sourceQueueArns?.length) {
    throw refuse('You must specify sourceQueueArns when redrivePermission is byQueue.');
  }
  if ((sourceQueueArns?.length ?? 0) > MAXIMUM_SOURCE_QUEUES) {
    throw refuse(`You can specify up to ${MAXIMUM_SOURCE_QUEUES} source queue ARNs.`);
  }
  return parsed.data;
}

export const allowsSource = (policy: RedriveAllowPolicy | undefined, sourceArn: string): boolean =>
  policy === undefined ||
  policy.redrivePermission === 'allowAll' ||
  (policy.redrivePermission === 'byQueue' && policy.sourceQueueArns?.includes(sourceArn) === true);

function parseMap(text: string, parameter: string): unknown {
  const map = parseJson(text);
  if (map !== undefined) return map;
  throw invalidValue(
    text,
    parameter,
    `${parameter === 'RedrivePolicy' ? 'Redrive policy' : 'Redrive allow policy'} is not a valid JSON map.`,
  );
}
