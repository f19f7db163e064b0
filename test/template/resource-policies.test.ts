import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'template-runtime/template';
import { withoutResource, withProperty } from './altered.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import { admittedTopics, onlyOverTls } from './rules/resource-policies.ts';

let template: Template;

beforeAll(async () => {
  ({ template } = await packagedService());
}, PACKAGING_TIMEOUT_MS);

describe('a request without TLS', () => {
  it('is refused by every queue and topic', () => {
    expect(onlyOverTls(template)).toEqual([]);
  });

  it.each([
    ['OrderIntakeQueuePolicy', 'OrderIntakeQueue: has 0 policies'],
    ['OrderEventsFifoPolicy', 'OrderEventsFifo: has 0 policies'],
  ])('would get through without %s', (policy, finding) => {
    expect(onlyOverTls(withoutResource(template, policy))).toEqual([finding]);
  });

  it('would get through when the condition is turned around', () => {
    const path = 'PolicyDocument.Statement.0.Condition.Bool.aws:SecureTransport';
    const broken = withProperty(template, 'FraudQueuePolicy', path, 'true');

    expect(onlyOverTls(broken)).toEqual(['FraudQueue: can be reached without TLS']);
  });

  it('would get through when a second policy replaces the first', () => {
    const broken = withProperty(template, 'AllOrdersQueuePolicy', 'Queues', [
      { Ref: 'AllOrdersQueue' },
      { Ref: 'FraudQueue' },
    ]);

    expect(onlyOverTls(broken)).toEqual(['FraudQueue: has 2 policies']);
  });
});

describe('the policy of a queue', () => {
  it('admits exactly the topic that delivers to it', () => {
    expect(admittedTopics(template)).toEqual([]);
  });

  it.each([
    ['Principal', '*'],
    ['Action', 'sqs:*'],
    ['Resource', '*'],
    ['Condition', undefined],
    ['Condition', { ArnLike: { 'aws:SourceArn': { Ref: 'OrderEventsFifo' } } }],
  ])('is refused with %s %j', (property, value) => {
    const path = `PolicyDocument.Statement.1.${property}`;
    const broken = withProperty(template, 'FraudQueuePolicy', path, value);

    expect(admittedTopics(broken)).toEqual([
      "FraudQueue: its policy admits more than one topic's SendMessage",
    ]);
  });

  it('is refused when it admits another topic', () => {
    const path = 'PolicyDocument.Statement.1.Condition.ArnEquals.aws:SourceArn';
    const broken = withProperty(template, 'FraudQueuePolicy', path, { Ref: 'OrderEvents' });

    expect(admittedTopics(broken)).toEqual([
      'FraudQueue: admits [OrderEvents], but [OrderEventsFifo] deliver to it',
    ]);
  });

  it('is refused when nothing is subscribed any more', () => {
    const broken = withoutResource(template, 'FraudSubscription');

    expect(admittedTopics(broken)).toEqual([
      'FraudQueue: admits [OrderEventsFifo], but [] deliver to it',
      'FraudDeadLetters: admits [OrderEventsFifo], but [] deliver to it',
    ]);
  });
});
