import * as z from 'zod';
import { flag, integer, readProperties, tags, type ResourceType } from '../resource-type.ts';
import type { StackServices } from '../stack-services.ts';
import { TemplateError } from '../template-error.ts';

/** Properties that are attributes of the same name in the SQS API. */
const attributeProperties = {
  VisibilityTimeout: integer.optional(),
  MessageRetentionPeriod: integer.optional(),
  DelaySeconds: integer.optional(),
  ReceiveMessageWaitTimeSeconds: integer.optional(),
  MaximumMessageSize: integer.optional(),
  FifoQueue: flag.optional(),
  ContentBasedDeduplication: flag.optional(),
  DeduplicationScope: z.string().optional(),
  FifoThroughputLimit: z.string().optional(),
  KmsMasterKeyId: z.string().optional(),
  KmsDataKeyReusePeriodSeconds: integer.optional(),
  SqsManagedSseEnabled: flag.optional(),
  RedrivePolicy: z.record(z.string(), z.unknown()).optional(),
  RedriveAllowPolicy: z.record(z.string(), z.unknown()).optional(),
};

const queueSchema = z.object({
  ...attributeProperties,
  QueueName: z.string().optional(),
  Tags: tags,
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html */
export const queue: ResourceType = async (request, { queues, leftOverPolicies }) => {
  const { properties, shortcomings } = readProperties(queueSchema, request);
  const attributes: Record<string, string> = {};
  for (const name of Object.keys(attributeProperties) as (keyof typeof attributeProperties)[]) {
    const value = properties[name];
    if (value === undefined) continue;
    // The API takes FifoQueue only when it is true.
    if (name === 'FifoQueue' && value === false) continue;
    attributes[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  const suffix = properties.FifoQueue ? '.fifo' : '';
  const name = properties.QueueName ?? `${request.generatedName.slice(0, 75)}${suffix}`;
  // A policy of an earlier run stays until the stack stands: a topic may be delivering already.
  const policy = queues.queueByName(name)?.policy;
  if (policy !== undefined) leftOverPolicies.add(name);
  const created = await queues.ensureQueue(
    name,
    { ...attributes, ...(policy === undefined ? {} : { Policy: policy }) },
    properties.Tags,
  );
  return {
    ref: created.url,
    attributes: { Arn: created.arn, QueueName: created.name, QueueUrl: created.url },
    shortcomings,
  };
};

const queuePolicySchema = z.object({
  Queues: z.array(z.string()),
  PolicyDocument: z.record(z.string(), z.unknown()),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html */
export const queuePolicy: ResourceType = async (request, { queues, leftOverPolicies }) => {
  const { properties, shortcomings } = readProperties(queuePolicySchema, request);
  for (const url of properties.Queues) {
    const target = queues.queueByUrl(url);
    if (!target) {
      throw new TemplateError(
        `Resources.${request.logicalId}.Properties.Queues`,
        `there is no queue ${url}`,
      );
    }
    await queues.setQueueAttributes(target.name, {
      Policy: JSON.stringify(properties.PolicyDocument),
    });
    leftOverPolicies.delete(target.name);
  }
  return { ref: request.generatedName, attributes: { Id: request.generatedName }, shortcomings };
};

/** Takes policies of an earlier run off the queues for which the template has none any more. */
export async function dropLeftOverPolicies({
  queues,
  leftOverPolicies,
}: StackServices): Promise<void> {
  for (const name of leftOverPolicies) await queues.setQueueAttributes(name, { Policy: '' });
}
