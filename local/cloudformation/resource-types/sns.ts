import * as z from 'zod';
import {
  flag,
  harmless,
  readProperties,
  tags,
  type CreatedResource,
  type ResourceType,
} from '../resource-type.ts';
import type { StackServices } from '../stack-services.ts';

/** Properties that are attributes of the same name in the SNS API. */
const topicAttributes = {
  DisplayName: z.string().optional(),
  FifoTopic: flag.optional(),
  ContentBasedDeduplication: flag.optional(),
  FifoThroughputScope: z.string().optional(),
  KmsMasterKeyId: z.string().optional(),
  SignatureVersion: z.string().optional(),
  TracingConfig: z.string().optional(),
};

const topicSchema = z.object({
  ...topicAttributes,
  TopicName: z.string().optional(),
  Subscription: z.array(z.object({ Protocol: z.string(), Endpoint: z.string() })).optional(),
  Tags: tags,
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html */
export const topic: ResourceType = async (request, services) => {
  const { properties, shortcomings } = readProperties(topicSchema, request);
  const attributes: Record<string, string> = {};
  for (const name of Object.keys(topicAttributes) as (keyof typeof topicAttributes)[]) {
    const value = properties[name];
    if (value !== undefined && value !== false) attributes[name] = String(value);
  }
  const suffix = properties.FifoTopic ? '.fifo' : '';
  const name = properties.TopicName ?? `${request.generatedName.slice(0, 251)}${suffix}`;
  const { arn } = await services.topics.ensureTopic(name, attributes, properties.Tags);
  for (const { Protocol: protocol, Endpoint: endpoint } of properties.Subscription ?? []) {
    const subscription = { topicArn: arn, protocol, endpoint, attributes: {} };
    shortcomings.push(...((await subscribe(services, subscription)).shortcomings ?? []));
  }
  return { ref: arn, attributes: { TopicArn: arn, TopicName: name }, shortcomings };
};

const topicPolicySchema = z.object({
  Topics: z.array(z.string()),
  PolicyDocument: z.record(z.string(), z.unknown()),
});

export const topicPolicy: ResourceType = async (request, { topics }) => {
  const { properties, shortcomings } = readProperties(topicPolicySchema, request);
  for (const arn of properties.Topics) {
    await topics.setTopicAttributes(arn, { Policy: JSON.stringify(properties.PolicyDocument) });
  }
  return { ref: request.generatedName, attributes: { Id: request.generatedName }, shortcomings };
};

const document = z.record(z.string(), z.unknown()).optional();
const subscriptionSchema = z.object({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  RawMessageDelivery: flag.optional(),
  FilterPolicy: document,
  FilterPolicyScope: z.string().optional(),
  RedrivePolicy: document,
  DeliveryPolicy: document,
  SubscriptionRoleArn: harmless.optional(),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html */
export const subscription: ResourceType = async (request, services) => {
  const { properties, shortcomings } = readProperties(subscriptionSchema, request);
  const { TopicArn: topicArn, Protocol: protocol, Endpoint: endpoint } = properties;
  const attributes: Record<string, string> = {};
  // The scope comes first: it decides how the filter policy is read.
  for (const name of SUBSCRIPTION_ATTRIBUTES) {
    const value = properties[name];
    if (value === undefined) continue;
    attributes[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  const created = await subscribe(services, { topicArn, protocol, endpoint, attributes });
  return { ...created, shortcomings: [...shortcomings, ...(created.shortcomings ?? [])] };
};

const SUBSCRIPTION_ATTRIBUTES = [
  'RawMessageDelivery',
  'FilterPolicyScope',
  'FilterPolicy',
  'RedrivePolicy',
  'DeliveryPolicy',
] as const;

const DELIVERED_PROTOCOLS = new Set(['sqs', 'lambda', 'http', 'https']);

async function subscribe(
  { topics }: StackServices,
  wanted: Parameters<StackServices['topics']['ensureSubscription']>[0],
): Promise<CreatedResource> {
  if (!DELIVERED_PROTOCOLS.has(wanted.protocol)) {
    const arn = `${wanted.topicArn}:undelivered`;
    return {
      ref: arn,
      attributes: { Arn: arn },
      shortcomings: [`nothing is delivered by ${wanted.protocol} here (to ${wanted.endpoint})`],
    };
  }
  const { arn } = await topics.ensureSubscription(wanted);
  return { ref: arn, attributes: { Arn: arn } };
}
