import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'template-runtime/template';
import { withoutResource, withProperty } from './altered.ts';
import { alarmsOf } from './model.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import { ageAlarms, deadLetterAlarms, errorAlarms } from './rules/alarms.ts';

/** As many alarms of an account are free: https://aws.amazon.com/cloudwatch/pricing/ */
const FREE_ALARMS = 10;

let dev: Template;
let prod: Template;

beforeAll(async () => {
  [{ template: dev }, { template: prod }] = [
    await packagedService('dev'),
    await packagedService('prod'),
  ];
}, 2 * PACKAGING_TIMEOUT_MS);

describe('the alarms', () => {
  it('tell of every first dead letter, in every stage', () => {
    expect(deadLetterAlarms(dev)).toEqual([]);
    expect(deadLetterAlarms(prod)).toEqual([]);
  });

  it('cost nothing in a stage that does not ask for more', () => {
    expect(alarmsOf(dev).length).toBeLessThanOrEqual(FREE_ALARMS);
  });

  it('of prod also tell of old messages and of errors', () => {
    expect(ageAlarms(prod)).toEqual([]);
    expect(errorAlarms(prod)).toEqual([]);
  });

  it('of dev do not', () => {
    expect(ageAlarms(dev)).toHaveLength(5);
    expect(errorAlarms(dev)).toHaveLength(6);
  });

  it('are missed where one is not there', () => {
    expect(deadLetterAlarms(withoutResource(prod, 'EmailDeadLettersAlarm'))).toEqual([
      'EmailDeadLetters: no alarm on its messages',
    ]);
    expect(ageAlarms(withoutResource(prod, 'FraudQueueAgeAlarm'))).toEqual([
      'FraudQueue: no alarm on the age of its messages',
    ]);
    expect(errorAlarms(withoutResource(prod, 'EmailCustomersErrorsAlarm'))).toEqual([
      'EmailCustomersLambdaFunction: no alarm on its errors',
    ]);
  });

  it('are refused where they come too late or too soon', () => {
    const late = withProperty(prod, 'FraudDeadLettersAlarm', 'Threshold', 1);
    const soon = withProperty(prod, 'AllOrdersQueueAgeAlarm', 'Threshold', 1900);

    expect(deadLetterAlarms(late)).toEqual(['FraudDeadLetters: its first 1 messages are not told']);
    expect(ageAlarms(soon)).toEqual([
      'AllOrdersQueue: its alarm goes off after 1900 s, retries take 1900 s',
    ]);
  });
});
