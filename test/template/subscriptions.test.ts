import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'template-runtime/template';
import { withoutResource, withProperty } from './altered.ts';
import { subscriptionsOf, targetOf } from './model.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import { stateFilters, subscriptions } from './rules/subscriptions.ts';

const EMAIL = 'EmailCustomersSnsSubscriptionOrderEvents';
let template: Template;

beforeAll(async () => {
  ({ template } = await packagedService());
}, PACKAGING_TIMEOUT_MS);

describe('the subscriptions', () => {
  it('can be delivered to, and lose nothing', () => {
    expect(subscriptions(template)).toEqual([]);
  });

  it('send each state to those who need it, raw except to the timeline', () => {
    const delivered = subscriptionsOf(template).map(({ properties }) => [
      targetOf(properties.TopicArn),
      targetOf(properties.Endpoint),
      properties.FilterPolicy?.['State'],
      properties.RawMessageDelivery,
    ]);

    expect(delivered).toHaveLength(6);
    expect(delivered).toEqual(
      expect.arrayContaining([
        ['OrderEvents', 'AllOrdersQueue', undefined, false],
        ['OrderEvents', 'DeclinedOrdersQueue', ['Declined'], true],
        [
          'OrderEvents',
          'EmailCustomersLambdaFunction',
          ['Cancelled', 'Declined', 'Shipped'],
          // A function gets the envelope always.
          false,
        ],
        ['OrderEvents', 'PlacedOrdersQueue', ['Placed'], true],
        ['OrderEventsFifo', 'FraudQueue', ['Placed'], true],
        ['OrderEventsFifo', 'ShippingQueue', ['Approved', 'Cancelled', 'Declined'], true],
      ]),
    );
  });

  it.each([
    [EMAIL, 'TopicArn', { Ref: 'OrderEventsFifo' }, 'a FIFO topic delivers to queues alone'],
    ['FraudSubscription', 'TopicArn', { Ref: 'OrderEvents' }, "can't deliver to a FIFO queue"],
    ['FraudSubscription', 'Endpoint', { Ref: 'Nothing' }, 'its queue is not in the template'],
    [EMAIL, 'RedrivePolicy', undefined, "what can't be delivered is lost"],
    [
      'FraudSubscription',
      'RedrivePolicy.deadLetterTargetArn',
      { 'Fn::GetAtt': ['EmailDeadLetters', 'Arn'] },
      'EmailDeadLetters is of another type than the topic',
    ],
  ])('are refused: %s with %s %j', (id, path, value, finding) => {
    const findings = subscriptions(withProperty(template, id, path, value));

    expect(findings).toContainEqual(expect.stringContaining(finding));
  });

  it('are refused when the topic may not invoke the function', () => {
    const broken = withoutResource(template, 'EmailCustomersLambdaPermissionOrderEventsSNS');

    expect(subscriptions(broken)).toEqual([`${EMAIL}: the topic may not invoke the function`]);
  });
});

describe('the filters', () => {
  it('name states of an order', () => {
    expect(stateFilters(template)).toEqual([]);
  });

  it.each([
    ['FilterPolicyScope', 'MessageBody', 'filters on the body, where no attribute is'],
    ['FilterPolicy.State', ['Lost'], 'filters on something that is no state of an order'],
    ['FilterPolicy.State', [], 'filters on something that is no state of an order'],
    ['FilterPolicy.Stat', ['Placed'], 'filters on something that is no state of an order'],
    ['FilterPolicy.State', ['Placed', 'Placed'], 'names a state twice'],
  ])('are refused with %s %j', (path, value, finding) => {
    expect(stateFilters(withProperty(template, 'FraudSubscription', path, value))).toEqual([
      `FraudSubscription: ${finding}`,
    ]);
  });
});
