import * as z from 'zod';
import type { Template, TemplateResource } from 'template-runtime/template';
import { isTemplateObject, type TemplateValue } from 'template-runtime/template';

/** A resource of a template whose properties have been read. */
export interface Found<Properties> {
  id: string;
  resource: TemplateResource;
  properties: Properties;
}

/**
 * The resources of one type.
 *
 * @throws ZodError when the properties of one of them have another form
 */
export function resourcesOf<Properties>(
  template: Template,
  type: string,
  schema: z.ZodType<Properties>,
): Found<Properties>[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => ({ id, resource, properties: schema.parse(resource.Properties) }));
}

const VARIABLE = /\$\{(?!!)([^}.]+)(?:\.[^}]+)?\}/g;

/** Every logical id, parameter and pseudo parameter that a value refers to. */
export function referencesIn(value: TemplateValue | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isTemplateObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    if (key === 'Ref' && typeof child === 'string') return [child];
    if (key === 'Fn::GetAtt' && Array.isArray(child)) {
      return child.slice(0, 1).filter((name) => typeof name === 'string');
    }
    if (key === 'Fn::Sub' && typeof child === 'string') {
      return [...child.matchAll(VARIABLE)].map(([, name = '']) => name);
    }
    return referencesIn(child);
  });
}

/** The one resource that a value such as `!Ref Queue` or `!GetAtt Queue.Arn` stands for. */
export function targetOf(value: TemplateValue | undefined): string | undefined {
  const [target, ...others] = referencesIn(value).filter((name) => !name.startsWith('AWS::'));
  return others.length === 0 ? target : undefined;
}

/** A property that may hold anything. */
export const anyValue: z.ZodType<TemplateValue> = z.json();

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

/** One statement of an IAM policy. */
export const statement = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: anyValue.optional(),
  Action: oneOrMore,
  Resource: anyValue.optional().transform((value) => (value === undefined ? [] : [value].flat())),
  Condition: z.record(z.string(), z.record(z.string(), anyValue)).optional(),
});
export type Statement = z.infer<typeof statement>;

export const policyDocument = z.object({
  Version: z.string().optional(),
  Statement: z.array(statement),
});

export const queueSchema = z.object({
  QueueName: z.string(),
  FifoQueue: z.boolean().default(false),
  ContentBasedDeduplication: z.boolean().optional(),
  DeduplicationScope: z.string().optional(),
  FifoThroughputLimit: z.string().optional(),
  ReceiveMessageWaitTimeSeconds: z.number().default(0),
  VisibilityTimeout: z.number().default(30),
  MessageRetentionPeriod: z.number().default(345_600),
  KmsMasterKeyId: anyValue.optional(),
  KmsDataKeyReusePeriodSeconds: z.number().default(300),
  RedrivePolicy: z
    .object({ deadLetterTargetArn: anyValue, maxReceiveCount: z.number() })
    .optional(),
  RedriveAllowPolicy: z
    .object({ redrivePermission: z.string(), sourceQueueArns: z.array(anyValue).default([]) })
    .optional(),
});

export const topicSchema = z.object({
  TopicName: z.string(),
  FifoTopic: z.boolean().default(false),
  KmsMasterKeyId: anyValue.optional(),
  TracingConfig: anyValue.optional(),
});

export const subscriptionSchema = z.object({
  TopicArn: anyValue,
  Protocol: z.string(),
  Endpoint: anyValue,
  RawMessageDelivery: z.boolean().default(false),
  FilterPolicyScope: z.string().optional(),
  FilterPolicy: z.record(z.string(), anyValue).optional(),
  RedrivePolicy: z.object({ deadLetterTargetArn: anyValue }).optional(),
});

export const functionSchema = z.object({
  FunctionName: z.string(),
  Handler: z.string(),
  Runtime: z.string(),
  Timeout: z.number(),
  MemorySize: z.number(),
  Role: anyValue,
  Code: z.object({ S3Key: z.string() }),
  LoggingConfig: z
    .object({ LogFormat: z.string(), ApplicationLogLevel: z.string().optional() })
    .optional(),
  TracingConfig: z.object({ Mode: z.string() }).optional(),
  Environment: z.object({ Variables: z.record(z.string(), anyValue) }).default({ Variables: {} }),
});

export const eventSourceSchema = z.object({
  EventSourceArn: anyValue,
  FunctionName: anyValue,
  BatchSize: z.number(),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }).optional(),
});

export const alarmSchema = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: anyValue })).default([]),
  Threshold: z.number(),
  AlarmActions: z.array(anyValue).default([]),
});

export const queuesOf = (template: Template) =>
  resourcesOf(template, 'AWS::SQS::Queue', queueSchema);
export const topicsOf = (template: Template) =>
  resourcesOf(template, 'AWS::SNS::Topic', topicSchema);
export const subscriptionsOf = (template: Template) =>
  resourcesOf(template, 'AWS::SNS::Subscription', subscriptionSchema);
export const functionsOf = (template: Template) =>
  resourcesOf(template, 'AWS::Lambda::Function', functionSchema);
export const eventSourcesOf = (template: Template) =>
  resourcesOf(template, 'AWS::Lambda::EventSourceMapping', eventSourceSchema);
export const alarmsOf = (template: Template) =>
  resourcesOf(template, 'AWS::CloudWatch::Alarm', alarmSchema);
