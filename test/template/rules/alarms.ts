import type { Template } from 'template-runtime/template';
import {
  alarmsOf,
  eventSourcesOf,
  functionsOf,
  queuesOf,
  subscriptionsOf,
  targetOf,
} from '../model.ts';

/** What an alarm looks at. */
interface Watch {
  namespace: string;
  metric: string;
  dimension: string;
}

const DEPTH: Watch = {
  namespace: 'AWS/SQS',
  metric: 'ApproximateNumberOfMessagesVisible',
  dimension: 'QueueName',
};
const AGE: Watch = { ...DEPTH, metric: 'ApproximateAgeOfOldestMessage' };
const ERRORS: Watch = { namespace: 'AWS/Lambda', metric: 'Errors', dimension: 'FunctionName' };

/** Every dead-letter queue has an alarm that goes off at its first message. */
export function deadLetterAlarms(template: Template): string[] {
  return queuesOf(template)
    .filter(({ properties }) => properties.RedriveAllowPolicy)
    .flatMap(({ id }) => {
      const threshold = thresholdOf(template, id, DEPTH);
      if (threshold === undefined) return [`${id}: no alarm on its messages`];
      return threshold === 0 ? [] : [`${id}: its first ${threshold} messages are not told`];
    });
}

/**
 * Every queue that a function reads has an alarm on the age of its messages, which leaves a message
 * that always fails the time to reach the dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function ageAlarms(template: Template): string[] {
  const read = eventSourcesOf(template).map(({ properties }) =>
    targetOf(properties.EventSourceArn),
  );
  return queuesOf(template)
    .filter(({ id }) => read.includes(id))
    .flatMap(({ id, properties: { RedrivePolicy, VisibilityTimeout } }) => {
      const threshold = thresholdOf(template, id, AGE);
      if (threshold === undefined) return [`${id}: no alarm on the age of its messages`];
      const retries = (RedrivePolicy?.maxReceiveCount ?? 0) * VisibilityTimeout;
      return threshold > retries
        ? []
        : [`${id}: its alarm goes off after ${threshold} s, retries take ${retries} s`];
    });
}

/** Every function that a queue or a topic invokes has an alarm on its errors. */
export function errorAlarms(template: Template): string[] {
  const invoked = [
    ...eventSourcesOf(template).map(({ properties }) => targetOf(properties.FunctionName)),
    ...subscriptionsOf(template)
      .filter(({ properties }) => properties.Protocol === 'lambda')
      .map(({ properties }) => targetOf(properties.Endpoint)),
  ];
  return functionsOf(template)
    .filter(({ id }) => invoked.includes(id))
    .filter(({ id }) => thresholdOf(template, id, ERRORS) === undefined)
    .map(({ id }) => `${id}: no alarm on its errors`);
}

function thresholdOf(template: Template, id: string, watch: Watch): number | undefined {
  return alarmsOf(template).find(
    ({ properties: { Namespace, MetricName, Dimensions } }) =>
      Namespace === watch.namespace &&
      MetricName === watch.metric &&
      Dimensions.length === 1 &&
      Dimensions.every(({ Name, Value }) => Name === watch.dimension && targetOf(Value) === id),
  )?.properties.Threshold;
}
