import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'template-runtime/template';
import { withoutResource, withProperty } from './altered.ts';
import { inEffect } from './in-effect.ts';
import { alarmsOf } from './model.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import {
  ageAlarms,
  deadLetterAlarms,
  errorAlarms,
  sharedAlarms,
  unheardAlarms,
} from './rules/alarms.ts';

/** As many alarms of an account are free: https://aws.amazon.com/cloudwatch/pricing/ */
const FREE_ALARMS = 10;

let dev: Template;
let prod: Template;
let wholeTemplate: Template;

beforeAll(async () => {
  [{ template: dev }, { template: prod, wholeTemplate }] = [
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

  it('of prod also tell of old messages, errors, throttling and failed deliveries', () => {
    expect(ageAlarms(prod)).toEqual([]);
    expect(errorAlarms(prod)).toEqual([]);
    expect(sharedAlarms(prod)).toEqual([]);
  });

  it('of dev do not', () => {
    expect(ageAlarms(dev)).toHaveLength(7);
    expect(errorAlarms(dev)).toHaveLength(6);
    expect(sharedAlarms(dev)).toHaveLength(4);
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
    expect(sharedAlarms(withoutResource(prod, 'HttpApiErrorsAlarm'))).toEqual([
      'HttpApi: no alarm on its 5xx answers',
    ]);
    expect(sharedAlarms(withoutResource(prod, 'ThrottlesAlarm'))).toEqual([
      'no alarm on throttled functions',
    ]);
    expect(sharedAlarms(withoutResource(prod, 'OrderEventsFifoDeliveryAlarm'))).toEqual([
      "OrderEventsFifo: no alarm on what it can't deliver",
    ]);
  });

  it('are refused where they come too late or too soon', () => {
    const late = withProperty(prod, 'FraudDeadLettersAlarm', 'Threshold', 1);
    const soon = withProperty(prod, 'AllOrdersQueueAgeAlarm', 'Threshold', 1900);

    const tooLate = withProperty(prod, 'PlacedOrdersQueueAgeAlarm', 'Threshold', 604_000);

    expect(ageAlarms(tooLate)).toEqual([
      'PlacedOrdersQueue: its alarm leaves 800 s to save a message',
    ]);
    expect(deadLetterAlarms(late)).toEqual(['FraudDeadLetters: its first 1 messages are not told']);
    expect(ageAlarms(soon)).toEqual([
      'AllOrdersQueue: its alarm goes off after 1900 s, retries take 1900 s',
    ]);
  });

  it('tell somebody, if the stage has somebody to tell', () => {
    const heard = inEffect(wholeTemplate, { AlarmEmail: 'on-call@example.org' });
    const silent = withProperty(heard, 'EmailDeadLettersAlarm', 'AlarmActions', []);

    expect(unheardAlarms(heard, 'OpsAlerts')).toEqual([]);
    expect(unheardAlarms(silent, 'OpsAlerts')).toEqual([
      'EmailDeadLettersAlarm: does not tell OpsAlerts',
    ]);
    expect(unheardAlarms(prod, '')).toEqual([]);
  });
});
