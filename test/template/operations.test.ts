import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'template-runtime/template';
import { withProperty } from './altered.ts';
import { EVERYTHING, inEffect } from './in-effect.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import { encryption } from './rules/encryption.ts';
import { alertPolicies, budgets, dashboards, tracing } from './rules/operations.ts';
import { onlyOverTls } from './rules/resource-policies.ts';

const TOPIC = 'OpsAlerts';
let wholeTemplate: Template;
let template: Template;

beforeAll(async () => {
  ({ wholeTemplate } = await packagedService('prod'));
  template = inEffect(wholeTemplate, EVERYTHING);
}, PACKAGING_TIMEOUT_MS);

describe('the topic of alerts', () => {
  it('is encrypted and takes alarms and budgets of this account alone', () => {
    expect(alertPolicies(template, TOPIC)).toEqual([]);
    expect(encryption(template)).toEqual([]);
    expect(onlyOverTls(template)).toEqual([]);
  });

  it.each([
    [
      'OpsAlertsPolicy',
      'PolicyDocument.Statement.1.Condition',
      'admits others, or not its senders',
    ],
    [
      'OpsAlertsPolicy',
      'PolicyDocument.Statement.1.Principal',
      'admits others, or not its senders',
    ],
    [
      'MessagingKey',
      'KeyPolicy.Statement.2.Condition',
      'its senders may not use its key, or others may',
    ],
  ])('is refused when %s has no %s', (id, path, finding) => {
    expect(alertPolicies(withProperty(template, id, path, undefined), TOPIC)).toEqual([
      `${TOPIC}: ${finding}`,
    ]);
  });

  it('is not there when nobody is to be told', () => {
    expect(inEffect(wholeTemplate).Resources).not.toHaveProperty(TOPIC);
  });
});

describe('the budget', () => {
  it('tells the topic', () => {
    const path = 'NotificationsWithSubscribers.0.Subscribers.0.Address';

    expect(budgets(template, TOPIC)).toEqual([]);
    expect(
      budgets(withProperty(template, 'AccountBudget', path, { Ref: 'OrderEvents' }), TOPIC),
    ).toEqual([`AccountBudget: does not tell ${TOPIC}`]);
  });

  it.each([{ MonthlyBudget: '0' }, { AlarmEmail: '' }])('is not there with %j', (parameters) => {
    expect(budgets(inEffect(wholeTemplate, { ...EVERYTHING, ...parameters }), TOPIC)).toEqual([
      'there is no budget',
    ]);
  });
});

describe('the dashboard', () => {
  it('shows every queue, topic and function', () => {
    const added = structuredClone(template);
    const queue = added.Resources['FraudQueue'];
    if (queue) added.Resources['NewQueue'] = queue;

    expect(dashboards(template)).toEqual([]);
    expect(dashboards(added)).toEqual(['OrderDashboard: does not show NewQueue']);
  });
});

describe('tracing', () => {
  it('covers every function and standard topic', () => {
    expect(tracing(template)).toEqual([]);
  });

  it('is missed where one may not send its traces, or does not trace', () => {
    const path = 'Roles.0';
    const silent = withProperty(template, 'TracingPolicy', path, { Ref: 'GetOrderRole' });
    const blind = withProperty(template, 'OrderEvents', 'TracingConfig', undefined);

    expect(tracing(silent)).toEqual(['PlaceOrderLambdaFunction: may not send its traces']);
    expect(tracing(blind)).toEqual(['OrderEvents: does not trace as the stage does']);
  });
});
