import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'template-runtime/template';
import { withoutResource, withProperty } from './altered.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import {
  danglingReferences,
  environmentAddresses,
  failureDestinations,
  filteredLogs,
  functionSettings,
  logRetention,
  ownRoles,
} from './rules/functions.ts';

const FUNCTION = 'PlaceOrderLambdaFunction';
let template: Template;

beforeAll(async () => {
  ({ template } = await packagedService());
}, PACKAGING_TIMEOUT_MS);

describe('every function', () => {
  it('has settings that Lambda takes', () => {
    expect(functionSettings(template)).toEqual([]);
  });

  it.each([
    ['FunctionName', 'f'.repeat(65), 'its name is over 64 characters'],
    ['Runtime', 'nodejs20.x', 'does not run on nodejs24.x'],
    ['Timeout', 901, 'a timeout over 15 minutes'],
    ['Handler', 'index.main', 'index.main is not dist/functions/<service>/<file>.handler'],
  ])('is refused with %s %s', (property, value, finding) => {
    expect(functionSettings(withProperty(template, FUNCTION, property, value))).toEqual([
      `${FUNCTION}: ${finding}`,
    ]);
  });

  it('has a role of its own', () => {
    const shared = withProperty(template, FUNCTION, 'Role', {
      'Fn::GetAtt': ['GetOrderRole', 'Arn'],
    });

    expect(ownRoles(template)).toEqual([]);
    expect(ownRoles(shared)).toContain(
      `${FUNCTION}: shares GetOrderRole with GetOrderLambdaFunction`,
    );
  });

  it('finds queues, topics and tables of the template in its environment', () => {
    const path = 'Environment.Variables.IDEMPOTENCY_TABLE';

    expect(environmentAddresses(template)).toEqual([]);
    expect(environmentAddresses(withProperty(template, FUNCTION, path, 'orders'))).toEqual([
      `${FUNCTION}: IDEMPOTENCY_TABLE is written out`,
    ]);
    expect(environmentAddresses(withProperty(template, FUNCTION, path, { Ref: 'No' }))).toEqual([
      `${FUNCTION}: IDEMPOTENCY_TABLE refers to nothing`,
    ]);
  });

  it('keeps its metrics at every log level', () => {
    const path = 'LoggingConfig';
    const json = { LogFormat: 'JSON', ApplicationLogLevel: 'WARN' };

    expect(filteredLogs(template)).toEqual([]);
    expect(filteredLogs(withProperty(template, FUNCTION, path, json))).toEqual([
      `${FUNCTION}: Lambda filters its logs, and its metrics with them`,
    ]);
  });

  it('has a log group, and no log is kept for ever', () => {
    const endless = withProperty(template, 'HttpApiLogGroup', 'RetentionInDays', undefined);

    expect(logRetention(template)).toEqual([]);
    expect(logRetention(endless)).toEqual(['HttpApiLogGroup: keeps logs for ever']);
    expect(logRetention(withoutResource(template, 'PlaceOrderLogGroup'))).toEqual([
      `${FUNCTION}: has no log group`,
    ]);
  });
});

describe('a function that is invoked asynchronously', () => {
  it('sends the events that it failed at to a queue', () => {
    expect(failureDestinations(template)).toEqual([]);
  });

  it('is refused without such a queue', () => {
    expect(failureDestinations(withoutResource(template, 'EmailCustomersLambdaEvConf'))).toEqual([
      'EmailCustomersLambdaFunction: loses the events that it fails at',
    ]);
  });
});

describe('every reference', () => {
  it('leads to something in the template', () => {
    expect(danglingReferences(template)).toEqual([]);
  });

  it('is missed in properties, in dependencies and in outputs', () => {
    const broken = withoutResource(template, 'FraudDeadLettersPolicy');
    const gone = withoutResource(template, 'OrderTimelineTable');

    expect(danglingReferences(broken)).toEqual([
      'FraudSubscription: refers to FraudDeadLettersPolicy, which does not exist',
    ]);
    expect(danglingReferences(gone)).toEqual(
      expect.arrayContaining([
        'RecordTimelineRole: refers to OrderTimelineTable, which does not exist',
        'OrderTimelineTableName: refers to OrderTimelineTable, which does not exist',
      ]),
    );
  });
});
