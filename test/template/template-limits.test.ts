import { beforeAll, describe, expect, it } from '@jest/globals';
import { withProperty } from './altered.ts';
import {
  packagedService,
  PACKAGING_TIMEOUT_MS,
  type PackagedService,
} from './packaged-template.ts';
import { accountIds, secrets, templateLimits } from './rules/limits.ts';

let service: PackagedService;

beforeAll(async () => {
  service = await packagedService();
}, PACKAGING_TIMEOUT_MS);

describe('the template', () => {
  it('stays within what CloudFormation takes', () => {
    const { wholeTemplate: template, templateText } = service;

    expect(templateLimits(template, Buffer.byteLength(templateText))).toEqual([]);
    expect(templateLimits(template, 1_000_001)).toEqual(['the template has 1000001 bytes']);
  });

  it('tells the local runtime how to follow an order, and who sends mails there', () => {
    expect(service.template.Metadata['LocalRuntime']).toEqual({
      SubjectAttribute: 'OrderId',
      Parameters: { EmailSender: 'orders@example.org' },
    });
  });

  it('is free of macros, custom resources and parameters without a value, so that it deploys by itself', () => {
    const { Parameters, Resources } = service.wholeTemplate;
    const types = Object.values(Resources).map(({ Type }) => Type);

    expect(Object.values(Parameters).filter(({ Default }) => Default === undefined)).toEqual([]);
    expect(types.filter((type) => !type.startsWith('AWS::'))).toEqual([]);
    expect(types.filter((type) => type.startsWith('AWS::CloudFormation::'))).toEqual([]);
  });

  it.each([
    ['Environment.Variables.PAYMENT_API_KEY', 'k-1'],
    ['Environment.Variables.NOTE', 'AKIAIOSFODNN7EXAMPLE'],
    ['Description', '-----BEGIN RSA PRIVATE KEY-----'],
  ])('holds no secret such as %s %s', (path, value) => {
    const leaking = withProperty(service.template, 'PlaceOrderLambdaFunction', path, value);

    expect(secrets(service.wholeTemplate)).toEqual([]);
    expect(secrets(leaking)).toEqual([
      `PlaceOrderLambdaFunction.Properties.${path}: holds what looks like a secret`,
    ]);
  });

  it('names no account', () => {
    const { Resources } = service.template;
    const properties = Object.values(Resources).map(({ Properties }) => Properties);

    expect(accountIds(properties)).toEqual([]);
    expect(accountIds({ Arn: 'arn:aws:sqs:us-east-1:123456789012:q' })).toEqual([
      'Template.Arn: names an account',
    ]);
  });
});
