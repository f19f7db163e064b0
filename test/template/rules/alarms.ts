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
const API_ERRORS: Watch = { namespace: 'AWS/ApiGateway', metric: '5xx', dimension: 'ApiId' };
const FAILED_DELIVERIES: Watch = {
  namespace: 'AWS/SNS',
  metric: 'NumberOfNotificationsFailed',
  dimension: 'TopicName',
};
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

const DAY_SECONDS = 86_400;

/**
 * Every queue has an alarm on the age of its messages. Where a function reads, it leaves a message that
 * always fails the time to reach the dead-letter queue; where somebody pulls, it leaves the person a day
 * until the message is forgotten.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function ageAlarms(template: Template): string[] {
  const read = eventSourcesOf(template).map(({ properties }) =>
    targetOf(properties.EventSourceArn),
  );
  return queuesOf(template)
    .filter(({ properties }) => !properties.RedriveAllowPolicy)
    .flatMap(({ id, properties: { RedrivePolicy, VisibilityTimeout, MessageRetentionPeriod } }) => {
      const threshold = thresholdOf(template, id, AGE);
      if (threshold === undefined) return [`${id}: no alarm on the age of its messages`];
      if (!read.includes(id)) {
        const left = MessageRetentionPeriod - threshold;
        return left >= DAY_SECONDS ? [] : [`${id}: its alarm leaves ${left} s to save a message`];
      }
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

/** The API's failures, the deliveries that topics fail at and throttled functions have alarms. */
export function sharedAlarms(template: Template): string[] {
  const topics = new Set(
    subscriptionsOf(template)
      .filter(({ properties }) => properties.Protocol !== 'email')
      .flatMap(({ properties }) => targetOf(properties.TopicArn) ?? []),
  );
  const throttles = alarmsOf(template).some(
    ({ properties: { Namespace, MetricName, Dimensions } }) =>
      Namespace === 'AWS/Lambda' && MetricName === 'Throttles' && Dimensions.length === 0,
  );
  return [
    ...Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Api')
      .filter(([id]) => thresholdOf(template, id, API_ERRORS) !== 0)
      .map(([id]) => `${id}: no alarm on its 5xx answers`),
    ...[...topics]
      .filter((id) => thresholdOf(template, id, FAILED_DELIVERIES) !== 0)
      .map((id) => `${id}: no alarm on what it can't deliver`),
    ...(throttles ? [] : ['no alarm on throttled functions']),
  ];
}

/** Every alarm tells the one topic. */
export function unheardAlarms(template: Template, topicId: string): string[] {
  return alarmsOf(template)
    .filter(({ properties }) => properties.AlarmActions.map(targetOf).join() !== topicId)
    .map(({ id }) => `${id}: does not tell ${topicId}`);
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
