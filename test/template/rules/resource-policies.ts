import * as z from 'zod';
import type { Template } from 'template-runtime/template';
import {
  anyValue,
  policyDocument,
  queuesOf,
  resourcesOf,
  subscriptionsOf,
  targetOf,
  topicsOf,
  type Statement,
} from '../model.ts';

const queuePolicy = z.object({ Queues: z.array(anyValue), PolicyDocument: policyDocument });
const topicPolicy = z.object({ Topics: z.array(anyValue), PolicyDocument: policyDocument });

interface AttachedPolicy {
  /** The queues or topics it is attached to. */
  targets: (string | undefined)[];
  statements: Statement[];
}

const queuePolicies = (template: Template): AttachedPolicy[] =>
  resourcesOf(template, 'AWS::SQS::QueuePolicy', queuePolicy).map(({ properties }) => ({
    targets: properties.Queues.map(targetOf),
    statements: properties.PolicyDocument.Statement,
  }));

const topicPolicies = (template: Template): AttachedPolicy[] =>
  resourcesOf(template, 'AWS::SNS::TopicPolicy', topicPolicy).map(({ properties }) => ({
    targets: properties.Topics.map(targetOf),
    statements: properties.PolicyDocument.Statement,
  }));

/**
 * Every queue and topic has one policy (a second would replace the first) and refuses requests
 * without TLS in it.
 */
export function onlyOverTls(template: Template): string[] {
  const policies = [...queuePolicies(template), ...topicPolicies(template)];
  return [...queuesOf(template), ...topicsOf(template)].flatMap(({ id }) => {
    const own = policies.filter(({ targets }) => targets.includes(id));
    if (own.length !== 1) return [`${id}: has ${own.length} policies`];
    return own[0]?.statements.some((each) => refusesPlainRequests(each, id))
      ? []
      : [`${id}: can be reached without TLS`];
  });
}

const refusesPlainRequests = (statement: Statement, id: string): boolean =>
  statement.Effect === 'Deny' &&
  statement.Principal === '*' &&
  statement.Action.some((action) => action === 'sqs:*' || action === 'sns:Publish') &&
  statement.Resource.some((resource) => targetOf(resource) === id) &&
  statement.Condition?.['Bool']?.['aws:SecureTransport'] === 'false';

/**
 * A queue admits exactly the topics that deliver to it, as subscriber or with what they could not
 * deliver, and no one else.
 */
export function admittedTopics(template: Template): string[] {
  const policies = queuePolicies(template);
  return queuesOf(template).flatMap(({ id }) => {
    const admitting = policies
      .filter(({ targets }) => targets.includes(id))
      .flatMap(({ statements }) => statements)
      .filter(({ Effect }) => Effect === 'Allow');
    const loose = admitting.filter((each) => !admitsOneTopic(each, id));
    if (loose.length > 0) return [`${id}: its policy admits more than one topic's SendMessage`];
    const admitted = admitting.flatMap(
      ({ Condition }) => targetOf(Condition?.['ArnEquals']?.['aws:SourceArn']) ?? [],
    );
    const delivering = topicsThatDeliverTo(template, id);
    return admitted.toSorted().join() === delivering.join()
      ? []
      : [`${id}: admits [${admitted.join()}], but [${delivering.join()}] deliver to it`];
  });
}

const admitsOneTopic = (statement: Statement, id: string): boolean =>
  JSON.stringify(statement.Principal) === '{"Service":"sns.amazonaws.com"}' &&
  statement.Action.join() === 'sqs:SendMessage' &&
  statement.Resource.map(targetOf).join() === id &&
  Object.keys(statement.Condition ?? {}).join() === 'ArnEquals';

function topicsThatDeliverTo(template: Template, queueId: string): string[] {
  const topics = subscriptionsOf(template)
    .filter(
      ({ properties }) =>
        (properties.Protocol === 'sqs' && targetOf(properties.Endpoint) === queueId) ||
        targetOf(properties.RedrivePolicy?.deadLetterTargetArn) === queueId,
    )
    .flatMap(({ properties }) => targetOf(properties.TopicArn) ?? []);
  return [...new Set(topics)].toSorted();
}
