import * as z from 'zod';
import type { Template } from 'template-runtime/template';
import {
  anyValue,
  functionsOf,
  policyDocument,
  queuesOf,
  referencesIn,
  resourcesOf,
  targetOf,
  topicsOf,
  type Statement,
} from '../model.ts';

const topicPolicySchema = z.object({ Topics: z.array(anyValue), PolicyDocument: policyDocument });
const keySchema = z.object({ KeyPolicy: policyDocument });
const SENDERS = '{"Service":["cloudwatch.amazonaws.com","budgets.amazonaws.com"]}';

const admitsSenders = (statements: Statement[], action: string): boolean =>
  statements.length > 0 &&
  statements.every(
    ({ Action, Principal, Condition }) =>
      Action.join() === action &&
      JSON.stringify(Principal) === SENDERS &&
      referencesIn(Condition?.['StringEquals']?.['aws:SourceAccount']).join() === 'AWS::AccountId',
  );

/**
 * CloudWatch and Budgets of this account, and nobody else, may publish to the topic and use its key.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
 */
export function alertPolicies(template: Template, topicId: string): string[] {
  const onTopic = resourcesOf(template, 'AWS::SNS::TopicPolicy', topicPolicySchema)
    .filter(({ properties }) => properties.Topics.map(targetOf).includes(topicId))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement)
    .filter(({ Effect }) => Effect === 'Allow');
  const onKey = resourcesOf(template, 'AWS::KMS::Key', keySchema)
    .flatMap(({ properties }) => properties.KeyPolicy.Statement)
    .filter(({ Principal }) => /cloudwatch|budgets/.test(JSON.stringify(Principal ?? '')));
  return [
    ...(admitsSenders(onTopic, 'sns:Publish')
      ? []
      : [`${topicId}: admits others, or not its senders`]),
    ...(admitsSenders(onKey, 'kms:Decrypt,kms:GenerateDataKey')
      ? []
      : [`${topicId}: its senders may not use its key, or others may`]),
  ];
}

const budgetSchema = z.object({
  Budget: z.object({ BudgetLimit: z.object({ Amount: anyValue }) }),
  NotificationsWithSubscribers: z
    .array(z.object({ Subscribers: z.array(z.object({ Address: anyValue })) }))
    .default([]),
});

/** There is a budget, and it tells the topic. */
export function budgets(template: Template, topicId: string): string[] {
  const found = resourcesOf(template, 'AWS::Budgets::Budget', budgetSchema);
  if (found.length === 0) return ['there is no budget'];
  return found
    .filter(({ properties }) => {
      const told = properties.NotificationsWithSubscribers.flatMap((each) => each.Subscribers);
      return told.length === 0 || told.some(({ Address }) => targetOf(Address) !== topicId);
    })
    .map(({ id }) => `${id}: does not tell ${topicId}`);
}

const widget = z.object({ properties: z.object({ metrics: z.array(z.array(z.json())) }) });
const dashboardBody = z.object({ widgets: z.array(widget) });
const dashboardSchema = z.object({ DashboardBody: z.object({ 'Fn::Sub': z.string() }) });
const FREE_METRICS = 50;

/** Each dashboard is JSON, shows every queue, topic and function, and stays free. */
export function dashboards(template: Template): string[] {
  const shown = [...queuesOf(template), ...functionsOf(template), ...topicsOf(template)].filter(
    ({ id }) => id !== 'OpsAlerts',
  );
  return resourcesOf(template, 'AWS::CloudWatch::Dashboard', dashboardSchema).flatMap(
    ({ id, properties: { DashboardBody: body } }) => {
      const { widgets } = dashboardBody.parse(JSON.parse(body['Fn::Sub']));
      const metrics = widgets.flatMap(({ properties }) => properties.metrics);
      const known = referencesIn(body);
      return [
        ...shown
          .filter((each) => !known.includes(each.id))
          .map((each) => `${id}: does not show ${each.id}`),
        ...(metrics.length <= FREE_METRICS ? [] : [`${id}: has ${metrics.length} metrics`]),
      ];
    },
  );
}

const policySchema = z.object({ PolicyName: z.string(), Roles: z.array(anyValue) });

/**
 * What a traced stage needs: every function and standard topic traces as the parameter says, and every
 * function may send its traces.
 */
export function tracing(template: Template): string[] {
  const permitted = resourcesOf(template, 'AWS::IAM::Policy', policySchema)
    .filter(({ properties }) => properties.PolicyName === 'tracing')
    .flatMap(({ properties }) => properties.Roles.map(targetOf));
  const mode = template.Parameters['Tracing']?.Default;
  return [
    ...functionsOf(template).flatMap(({ id, properties }) => [
      ...(properties.TracingConfig?.Mode === mode
        ? []
        : [`${id}: does not trace as the stage does`]),
      ...(permitted.includes(targetOf(properties.Role)) ? [] : [`${id}: may not send its traces`]),
    ]),
    ...topicsOf(template)
      .filter(({ id, properties }) => !properties.FifoTopic && id !== 'OpsAlerts')
      .filter(({ properties }) => targetOf(properties.TracingConfig) !== 'Tracing')
      .map(({ id }) => `${id}: does not trace as the stage does`),
  ];
}
