import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'template-runtime/template';
import { withProperty } from './altered.ts';
import { EVERYTHING, inEffect } from './in-effect.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import {
  consumers,
  keyActions,
  keyOfTopics,
  keyUse,
  lambdaRoles,
  reach,
  roleNames,
  wildcards,
} from './rules/permissions.ts';

const statement = (index: number) => `Policies.0.PolicyDocument.Statement.${index}`;
let template: Template;
let everything: Template;

beforeAll(async () => {
  const service = await packagedService();
  ({ template } = service);
  everything = inEffect(service.wholeTemplate, EVERYTHING);
}, PACKAGING_TIMEOUT_MS);

describe('what is allowed', () => {
  it('is never a wildcard, except where AWS has nothing narrower', () => {
    expect(wildcards(template)).toEqual([]);
  });

  it('is refused when it is one', () => {
    const action = withProperty(template, 'GetOrderRole', `${statement(1)}.Action`, 'dynamodb:*');
    const resource = withProperty(template, 'GetOrderRole', `${statement(1)}.Resource`, '*');
    const principal = withProperty(
      template,
      'MessagingKey',
      'KeyPolicy.Statement.1.Principal',
      '*',
    );

    expect(wildcards(action)).toEqual(['GetOrderRole  action dynamodb:*']);
    expect(wildcards(resource)).toEqual(['GetOrderRole  resource *']);
    expect(wildcards(principal)).toEqual([
      'MessagingKey DeliveryByTopicsOfThisService principal *',
    ]);
  });

  it('holds no exception that is not needed', () => {
    expect(wildcards(everything, [])).toHaveLength(5);
    expect(wildcards(everything)).toEqual([]);
  });
});

describe('the role of a function', () => {
  it('is for Lambda alone, with no policy from elsewhere', () => {
    const path = 'AssumeRolePolicyDocument.Statement.0.Principal';
    const broken = withProperty(template, 'GetOrderRole', path, { Service: 'ec2.amazonaws.com' });

    expect(lambdaRoles(template)).toEqual([]);
    expect(lambdaRoles(broken)).toEqual([
      'GetOrderRole: can be assumed by {"Service":"ec2.amazonaws.com"}',
    ]);
  });

  it('is for functions of this account alone', () => {
    const path = 'AssumeRolePolicyDocument.Statement.0.Condition';
    const open = withProperty(template, 'GetOrderRole', path, undefined);

    expect(lambdaRoles(open)).toEqual(['GetOrderRole: can be assumed for another account']);
  });

  it('has a name that IAM takes for every stage, and that `sls deploy function` finds', () => {
    const nameless = withProperty(template, 'GetOrderRole', 'RoleName', undefined);
    const name = 'f'.repeat(60);
    const long = withProperty(
      withProperty(template, 'GetOrderLambdaFunction', 'FunctionName', name),
      'GetOrderRole',
      'RoleName',
      `${name}-us-east-1`,
    );

    expect(roleNames(template, 'dev', 'us-east-1')).toEqual([]);
    expect(roleNames(nameless, 'dev', 'us-east-1')).toEqual([
      'GetOrderRole: is named undefined, not order-messaging-dev-getOrder-us-east-1',
    ]);
    expect(roleNames(long, 'dev', 'us-east-1')).toEqual([
      'GetOrderRole: its name may have 82 characters',
    ]);
  });

  it('does nothing with the key that the service does not need', () => {
    const path = `${statement(2)}.Action`;
    const broken = withProperty(template, 'GetOrderRole', path, ['kms:Decrypt', 'kms:Encrypt']);

    expect(keyActions(template)).toEqual([]);
    expect(keyActions(broken)).toEqual(['GetOrderRole: does not need kms:Encrypt for dynamodb']);
  });

  it('has no data keys made unless it sends', () => {
    const path = `${statement(2)}.Action`;
    const broken = withProperty(template, 'RecordTimelineRole', path, ['kms:GenerateDataKey']);

    expect(keyActions(broken)).toEqual([
      'RecordTimelineRole: does not need kms:GenerateDataKey for sqs',
    ]);
  });

  it('uses the key only through the service that stores the data', () => {
    const broken = withProperty(template, 'GetOrderRole', `${statement(2)}.Condition`, undefined);

    expect(keyUse(template)).toEqual([]);
    expect(keyUse(broken)).toEqual(['GetOrderRole: may call kms:Decrypt,kms:DescribeKey itself']);
  });

  it('lets SNS use the key for the topics of the template alone', () => {
    const path = 'KeyPolicy.Statement.1.Condition';
    const open = withProperty(template, 'MessagingKey', path, {
      StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
    });

    expect(keyOfTopics(template)).toEqual([]);
    expect(keyOfTopics(open)).toEqual([
      'MessagingKey: SNS may use it for [any], the topics are [order-messaging-dev-OrderEvents,order-messaging-dev-OrderEvents.fifo]',
    ]);
  });

  it('reaches exactly what the function is told of', () => {
    expect(reach(template)).toEqual([]);
  });

  it('is refused when it reaches too much or too little', () => {
    const broken = withProperty(template, 'GetOrderRole', `${statement(1)}.Resource`, {
      'Fn::GetAtt': ['ShipmentsTable', 'Arn'],
    });

    expect(reach(broken)).toEqual([
      'GetOrderLambdaFunction: may not use OrdersTable',
      'GetOrderLambdaFunction: may use ShipmentsTable but does not know it',
    ]);
  });

  it('lets Lambda read the queue of a consumer', () => {
    const mapping = 'RecordTimelineEventSourceMappingSQSAllOrdersQueue';
    const blind = withProperty(template, 'RecordTimelineRole', `${statement(1)}.Action`, [
      'sqs:ReceiveMessage',
      'sqs:ChangeMessageVisibility',
      'sqs:GetQueueAttributes',
    ]);
    const sealed = withProperty(template, 'RecordTimelineRole', `${statement(2)}.Action`, []);

    expect(consumers(template)).toEqual([]);
    expect(consumers(blind)).toEqual([`${mapping}: RecordTimelineRole lacks sqs:DeleteMessage`]);
    expect(consumers(sealed)).toEqual([
      `${mapping}: RecordTimelineRole can't decrypt what it reads`,
    ]);
  });
});
