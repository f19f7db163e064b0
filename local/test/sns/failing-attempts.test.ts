import { describe, expect, it } from '@jest/globals';
import { DeliveryLanes } from '../../sns/delivery/delivery-lanes.ts';
import type { DeliveryAttempts } from '../../sns/delivery/delivery-attempt.ts';
import { makeSns } from './running-sns.ts';

const message = (groupId: string) => ({
  messageId: 'id',
  topicArn: 'arn:aws:sns:us-east-1:000000000000:Events.fifo',
  topicName: 'Events.fifo',
  body: 'text',
  attributes: {},
  publishedAt: 0,
  signatureVersion: '1' as const,
  fifo: true,
  groupId,
});

describe('an attempt that throws', () => {
  it('fails its own delivery and lets the rest of its message group go on', async () => {
    const { context } = makeSns();
    const outcomes = [Promise.reject(new TypeError('a defect')), Promise.resolve('done' as const)];
    const attempts: Pick<DeliveryAttempts, 'make'> = {
      make: () => outcomes.shift() ?? Promise.resolve('done'),
    };
    const lanes = new DeliveryLanes(context, attempts);

    const results = await Promise.allSettled([
      lanes.deliver('subscription', message('g')),
      lanes.deliver('subscription', message('g')),
    ]);
    await lanes.deliver('subscription', message('g'));

    expect(results).toEqual([
      { status: 'rejected', reason: new TypeError('a defect') },
      { status: 'fulfilled', value: undefined },
    ]);
  });
});
