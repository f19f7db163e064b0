import * as z from 'zod';
import type { System } from 'template-runtime/system';

/** Where the emulators of one system answer, and what of the template is used to measure them. */
export const emulatorTarget = z.object({
  /** Of SQS and SNS. */
  url: z.string(),
  /** The emulator's own port, where the functions ask. */
  dynamoDbUrl: z.string(),
  queueUrl: z.string(),
  fifoQueueUrl: z.string(),
  topicArn: z.string(),
  fifoTopicArn: z.string(),
  ordersTable: z.string(),
  timelineTable: z.string(),
});

export type EmulatorTarget = z.infer<typeof emulatorTarget>;

/** The template has no such resource, or gives no function its variable. */
export class TargetMissingError extends Error {
  override readonly name = 'TargetMissingError';
}

/** What the functions are told, from their own variables. */
export function targetOf(system: System): EmulatorTarget {
  const variables: Partial<Record<string, string>> = Object.fromEntries(
    system.lambda.configurations().flatMap(({ environment }) => Object.entries(environment)),
  );
  const variable = (name: string): string => {
    const value = variables[name];
    if (value === undefined) throw new TargetMissingError(`No function has the variable ${name}`);
    return value;
  };
  return {
    url: system.url,
    dynamoDbUrl: variable('AWS_ENDPOINT_URL_DYNAMODB'),
    queueUrl: variable('ORDER_INTAKE_QUEUE_URL'),
    fifoQueueUrl: variable('ORDER_UPDATES_QUEUE_URL'),
    topicArn: variable('ORDER_EVENTS_TOPIC_ARN'),
    fifoTopicArn: variable('ORDER_EVENTS_FIFO_TOPIC_ARN'),
    ordersTable: variable('ORDERS_TABLE'),
    timelineTable: variable('ORDER_TIMELINE_TABLE'),
  };
}
