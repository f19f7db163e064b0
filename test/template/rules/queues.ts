import type { Template } from 'template-runtime/template';
import { functionsOf, eventSourcesOf, queuesOf, referencesIn, targetOf } from '../model.ts';

/**
 * Names, lengths and times that SQS refuses or that we promise.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export function queueSettings(template: Template): string[] {
  return queuesOf(template).flatMap(({ id, properties: queue }) => {
    const findings: string[] = [];
    const hasFifoName = queue.QueueName.endsWith('.fifo');
    if (queue.QueueName.length > 80) findings.push(`${id}: its name is over 80 characters`);
    if (hasFifoName !== queue.FifoQueue) findings.push(`${id}: .fifo in the name, or FifoQueue`);
    if (queue.ReceiveMessageWaitTimeSeconds !== 20) findings.push(`${id}: no long polling`);
    if (queue.VisibilityTimeout > 43_200) findings.push(`${id}: hides messages over 12 hours`);
    if (queue.MessageRetentionPeriod < 60 || queue.MessageRetentionPeriod > 1_209_600) {
      findings.push(`${id}: retention is not within 1 minute and 14 days`);
    }
    if (queue.FifoQueue && queue.ContentBasedDeduplication !== false) {
      findings.push(`${id}: deduplicates by content, not by event id`);
    }
    const highThroughput =
      queue.FifoThroughputLimit === 'perMessageGroupId' &&
      queue.DeduplicationScope === 'messageGroup';
    if (queue.FifoQueue && !highThroughput) findings.push(`${id}: is not high-throughput FIFO`);
    return findings;
  });
}

/**
 * Every queue has a dead-letter queue of its own: of the same type, keeping messages at least as
 * long, and admitting no other source.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
export function deadLetterQueues(template: Template): string[] {
  const queues = queuesOf(template);
  return queues.flatMap(({ id, properties: queue }) => {
    if (queue.RedriveAllowPolicy) return allowedSources(template, id);
    if (!queue.RedrivePolicy) return [`${id}: has no dead-letter queue`];
    const { deadLetterTargetArn, maxReceiveCount } = queue.RedrivePolicy;
    const target = queues.find((other) => other.id === targetOf(deadLetterTargetArn));
    if (!target) return [`${id}: its dead-letter queue is not in the template`];
    const findings: string[] = [];
    if (maxReceiveCount < 2) findings.push(`${id}: gives a message up after one attempt`);
    if (target.properties.FifoQueue !== queue.FifoQueue) {
      findings.push(`${id}: ${target.id} is of the other type`);
    }
    if (target.properties.MessageRetentionPeriod < queue.MessageRetentionPeriod) {
      findings.push(`${id}: ${target.id} keeps messages for a shorter time`);
    }
    if (!target.properties.RedriveAllowPolicy) {
      findings.push(`${id}: every queue of the account may use ${target.id}`);
    }
    return findings;
  });
}

/** A dead-letter queue admits exactly the queues that use it. */
function allowedSources(template: Template, id: string): string[] {
  const queues = queuesOf(template);
  const policy = queues.find((queue) => queue.id === id)?.properties.RedriveAllowPolicy;
  const using = queues
    .filter(({ properties }) => targetOf(properties.RedrivePolicy?.deadLetterTargetArn) === id)
    .map(({ properties }) => properties.QueueName);
  const admitted = (policy?.sourceQueueArns ?? []).map((arn) =>
    JSON.stringify(arn).replaceAll(/^.*:|"\}?$/g, ''),
  );
  const expected = using.length > 0 ? 'byQueue' : 'denyAll';
  if (policy?.redrivePermission !== expected) {
    return [`${id}: redrivePermission is not ${expected}`];
  }
  return admitted.join() === using.join()
    ? []
    : [`${id}: admits [${admitted.join()}], but [${using.join()}] use it`];
}

/**
 * A queue hides a message for six times the timeout of the function that reads it, plus the
 * batching window.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function visibilityTimeouts(template: Template): string[] {
  const queues = queuesOf(template);
  const functions = functionsOf(template);
  return eventSourcesOf(template).flatMap(({ id, properties: source }) => {
    const queue = queues.find((each) => each.id === targetOf(source.EventSourceArn));
    const consumer = functions.find((each) => each.id === targetOf(source.FunctionName));
    if (!queue || !consumer) return [`${id}: its queue or function is not in the template`];
    const needed = 6 * consumer.properties.Timeout + source.MaximumBatchingWindowInSeconds;
    const { VisibilityTimeout: seconds } = queue.properties;
    return seconds >= needed ? [] : [`${queue.id}: hides for ${seconds} s, needs ${needed} s`];
  });
}

/** Every queue is a dead-letter queue, read by a function, or meant to be pulled. */
export function unreadQueues(template: Template, pulled: readonly string[]): string[] {
  const read = eventSourcesOf(template).flatMap(({ properties }) =>
    referencesIn(properties.EventSourceArn),
  );
  return queuesOf(template)
    .filter(({ properties }) => !properties.RedriveAllowPolicy)
    .filter(({ id }) => !read.includes(id) && !pulled.includes(id))
    .map(({ id }) => `${id}: nobody reads it`);
}
