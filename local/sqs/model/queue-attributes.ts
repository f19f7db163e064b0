import { parseJson } from '../../json/parse-json.ts';
import {
  conflictingAttributes,
  invalidAttributeName,
  invalidAttributeValue,
  unknownAttribute,
} from '../errors.ts';
import {
  parseRedriveAllowPolicy,
  parseRedrivePolicy,
  type RedriveAllowPolicy,
  type RedrivePolicy,
} from './redrive-policy.ts';

/** The attributes that were set, with the defaults, by their API names. */
export type QueueAttributes = Record<string, string>;

/** The same for use: numbers are seconds or bytes. */
export interface QueueSettings {
  fifo: boolean;
  delaySeconds: number;
  maximumMessageSize: number;
  retentionSeconds: number;
  waitSeconds: number;
  visibilityTimeoutSeconds: number;
  contentBasedDeduplication: boolean;
  deduplicationScope: 'queue' | 'messageGroup';
  redrivePolicy: RedrivePolicy | undefined;
  redriveAllowPolicy: RedriveAllowPolicy | undefined;
}

type Rule =
  | { kind: 'integer'; minimum: number; maximum: number; default: string | undefined }
  | { kind: 'choice'; values: string[]; default: string | undefined; fifoOnly: boolean }
  | { kind: 'text'; canonical: (value: string) => string };

const integer = (minimum: number, maximum: number, initial?: number): Rule => ({
  kind: 'integer',
  minimum,
  maximum,
  default: initial?.toString(),
});
const choice = (values: string[], initial?: string, fifoOnly = false): Rule => ({
  kind: 'choice',
  values,
  default: initial,
  fifoOnly,
});
const text = (canonical: (value: string) => string = (value) => value): Rule => ({
  kind: 'text',
  canonical,
});

/**
 * Every attribute that can be set.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
 */
const RULES: Record<string, Rule> = {
  DelaySeconds: integer(0, 900, 0),
  MaximumMessageSize: integer(1_024, 1_048_576, 1_048_576),
  MessageRetentionPeriod: integer(60, 1_209_600, 345_600),
  ReceiveMessageWaitTimeSeconds: integer(0, 20, 0),
  VisibilityTimeout: integer(0, 43_200, 30),
  KmsDataKeyReusePeriodSeconds: integer(60, 86_400),
  KmsMasterKeyId: text(),
  SqsManagedSseEnabled: choice(['true', 'false'], 'true'),
  Policy: text(requireJson),
  RedrivePolicy: text((value) => JSON.stringify(parseRedrivePolicy(value))),
  RedriveAllowPolicy: text((value) => JSON.stringify(parseRedriveAllowPolicy(value))),
  FifoQueue: choice(['true'], 'true', true),
  ContentBasedDeduplication: choice(['true', 'false'], 'false', true),
  DeduplicationScope: choice(['messageGroup', 'queue'], 'queue', true),
  FifoThroughputLimit: choice(['perQueue', 'perMessageGroupId'], 'perQueue', true),
};

export const SETTABLE_ATTRIBUTES: readonly string[] = Object.keys(RULES);

export const isSettableAttribute = (name: string): boolean => Object.hasOwn(RULES, name);

export function defaultAttributes(fifo: boolean): QueueAttributes {
  const attributes: QueueAttributes = {};
  for (const [name, rule] of Object.entries(RULES)) {
    if (rule.kind === 'text' || rule.default === undefined) continue;
    if (rule.kind === 'choice' && rule.fifoOnly && !fifo) continue;
    attributes[name] = rule.default;
  }
  return attributes;
}

/**
 * Checks attributes and brings each into its canonical form. An empty text removes an attribute.
 *
 * @throws AwsError InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue
 */
export function normaliseAttributes(requested: QueueAttributes, fifo: boolean): QueueAttributes {
  return Object.fromEntries(
    Object.entries(requested).map(([name, value]) => [name, normalise(name, value, fifo)]),
  );
}

function normalise(name: string, value: string, fifo: boolean): string {
  const rule = isSettableAttribute(name) ? RULES[name] : undefined;
  if (!rule) throw unknownAttribute(name);
  if (rule.kind === 'text') return value === '' ? '' : rule.canonical(value);
  if (rule.kind === 'integer') {
    const number = Number(value);
    const valid = /^-?\d+$/.test(value) && number >= rule.minimum && number <= rule.maximum;
    if (!valid) throw invalidAttributeValue(name);
    return String(number);
  }
  if (rule.fifoOnly && !fifo) {
    throw name === 'DeduplicationScope' || name === 'FifoThroughputLimit'
      ? invalidAttributeName(`You can specify the ${name} only when FifoQueue is set to true.`)
      : unknownAttribute(name);
  }
  const spelled = rule.values.includes('true') ? value.toLowerCase() : value;
  if (!rule.values.includes(spelled)) {
    throw invalidAttributeValue(
      name,
      name === 'FifoQueue' ? 'Modifying queue type is not supported.' : undefined,
    );
  }
  return spelled;
}

/** Truth values may be written with capitals, as Python writes them. */
export const isFifo = ({ FifoQueue }: QueueAttributes): boolean =>
  FifoQueue?.toLowerCase() === 'true';

/** Puts changes over what was set before. @throws AwsError InvalidAttributeValue */
export function mergeAttributes(
  current: QueueAttributes,
  changes: QueueAttributes,
): QueueAttributes {
  const merged: QueueAttributes = { ...current, ...changes };
  for (const [name, value] of Object.entries(merged)) if (value === '') delete merged[name];
  if (
    merged['FifoThroughputLimit'] === 'perMessageGroupId' &&
    merged['DeduplicationScope'] !== 'messageGroup'
  ) {
    throw invalidAttributeValue(
      'FifoThroughputLimit',
      'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
    );
  }
  // A queue is encrypted in one way only: with a key, or with SQS's own keys.
  if (changes['KmsMasterKeyId'] && changes['SqsManagedSseEnabled'] === 'true') {
    throw conflictingAttributes(
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
  }
  if (changes['KmsMasterKeyId']) merged['SqsManagedSseEnabled'] = 'false';
  if (changes['SqsManagedSseEnabled'] === 'true' && !changes['KmsMasterKeyId']) {
    delete merged['KmsMasterKeyId'];
  }
  if (!merged['KmsMasterKeyId']) delete merged['KmsDataKeyReusePeriodSeconds'];
  else merged['KmsDataKeyReusePeriodSeconds'] ??= '300';
  return merged;
}

export function settingsOf(attributes: QueueAttributes): QueueSettings {
  const { RedrivePolicy, RedriveAllowPolicy } = attributes;
  return {
    fifo: attributes['FifoQueue'] === 'true',
    delaySeconds: Number(attributes['DelaySeconds']),
    maximumMessageSize: Number(attributes['MaximumMessageSize']),
    retentionSeconds: Number(attributes['MessageRetentionPeriod']),
    waitSeconds: Number(attributes['ReceiveMessageWaitTimeSeconds']),
    visibilityTimeoutSeconds: Number(attributes['VisibilityTimeout']),
    contentBasedDeduplication: attributes['ContentBasedDeduplication'] === 'true',
    deduplicationScope:
      attributes['DeduplicationScope'] === 'messageGroup' ? 'messageGroup' : 'queue',
    redrivePolicy: RedrivePolicy === undefined ? undefined : parseRedrivePolicy(RedrivePolicy),
    redriveAllowPolicy:
      RedriveAllowPolicy === undefined ? undefined : parseRedriveAllowPolicy(RedriveAllowPolicy),
  };
}

function requireJson(value: string): string {
  if (parseJson(value) === undefined) throw invalidAttributeValue('Policy');
  return value;
}
