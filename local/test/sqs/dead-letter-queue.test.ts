import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ListDeadLetterSourceQueuesCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { ManualClock } from '../manual-clock.ts';
import { bodiesOf, refusalOf, SqsFixture } from './sqs-fixture.ts';

const ABSENT = 'arn:aws:sqs:eu-central-1:000000000000:absent';

describe('a dead-letter queue', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
  });
  afterEach(() => sqs.stop());

  const redrive = (deadLetterQueue: string, maxReceiveCount: unknown) => ({
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: sqs.arnOf(deadLetterQueue),
      maxReceiveCount,
    }),
  });

  it('gets a message at the receive after the last that is allowed', async () => {
    const dead = await sqs.createQueue('dead');
    const url = await sqs.createQueue('orders', redrive('dead', 2));
    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'poison' }));
    const sentAt = String(clock.now());
    for (const receives of ['1', '2']) {
      const [message] = await sqs.receive(url);
      expect(message?.Attributes?.['ApproximateReceiveCount']).toBe(receives);
      clock.advance(30_000);
    }
    const before = await sqs.receive(dead);

    const after = await sqs.receive(url);

    const [moved] = await sqs.receive(dead);
    expect(before).toEqual([]);
    expect(after).toEqual([]);
    expect(moved).toMatchObject({
      Body: 'poison',
      Attributes: {
        ApproximateReceiveCount: '3',
        DeadLetterQueueSourceArn: sqs.arnOf('orders'),
        SentTimestamp: sentAt,
      },
    });
    const told = await sqs.activity.waitFor('message-dead-lettered');
    expect(told).toMatchObject({ from: 'orders', deadLetterQueue: 'dead' });
    expect(told.messageId).toBe(moved?.MessageId);
  });

  it('of a FIFO queue lets the rest of the group go on, and dates the message anew', async () => {
    const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
    const dead = await sqs.createQueue('dead.fifo', fifo);
    const url = await sqs.createQueue('orders.fifo', { ...fifo, ...redrive('dead.fifo', 1) });
    for (const MessageBody of ['poison', 'fine']) {
      await sqs.client.send(
        new SendMessageCommand({ QueueUrl: url, MessageBody, MessageGroupId: 'g' }),
      );
    }
    await sqs.receive(url, { MaxNumberOfMessages: 1 });
    clock.advance(30_000);

    const next = await sqs.receive(url);

    const [moved] = await sqs.receive(dead);
    expect(bodiesOf(next)).toEqual(['fine']);
    expect(moved).toMatchObject({
      Body: 'poison',
      Attributes: { MessageGroupId: 'g', SentTimestamp: String(clock.now()) },
    });
  });

  it('knows its source queues', async () => {
    const dead = await sqs.createQueue('dead');
    await sqs.createQueue('orders', redrive('dead', '3'));
    await sqs.createQueue('other');

    const { queueUrls } = await sqs.client.send(
      new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }),
    );

    expect(queueUrls).toEqual([sqs.service.queueByName('orders')?.url]);
  });

  it.each([
    ['{', /not a valid JSON map/],
    ['{"maxReceiveCount":1}', /mandatory attribute: deadLetterTargetArn/],
    ['{"deadLetterTargetArn":"arn"}', /mandatory attribute: maxReceiveCount/],
    ['{"deadLetterTargetArn":"arn","maxReceiveCount":1}', /Invalid value for deadLetterTargetArn/],
    [`{"deadLetterTargetArn":"${ABSENT}","maxReceiveCount":0}`, /valid values are from 1 to 1000/],
    [
      `{"deadLetterTargetArn":"${ABSENT}","maxReceiveCount":1001}`,
      /valid values are from 1 to 1000/,
    ],
    [
      `{"deadLetterTargetArn":"${ABSENT}", "maxReceiveCount":"1"}`,
      /^Value \{.*\} .* target does not exist\.$/,
    ],
  ])('is refused by the policy %s', async (RedrivePolicy, message) => {
    const refusal = await refusalOf(sqs.createQueue('orders', { RedrivePolicy }));

    expect(refusal.message).toMatch(message);
  });

  it('must be of the type of its source', async () => {
    await sqs.createQueue('dead');

    const refusal = await refusalOf(
      sqs.createQueue('orders.fifo', { FifoQueue: 'true', ...redrive('dead', 1) }),
    );

    expect(refusal.message).toMatch(/must be same type of queue as the source\.$/);
  });

  it('chooses its sources by a redrive allow policy', async () => {
    const QueueUrl = await sqs.createQueue('dead');
    const allow = (policy: object) =>
      sqs.client.send(
        new SetQueueAttributesCommand({
          QueueUrl,
          Attributes: { RedriveAllowPolicy: JSON.stringify(policy) },
        }),
      );

    await allow({ redrivePermission: 'denyAll' });
    const denied = await refusalOf(sqs.createQueue('orders', redrive('dead', 1)));
    await allow({ redrivePermission: 'byQueue', sourceQueueArns: [sqs.arnOf('orders')] });
    const stranger = await refusalOf(sqs.createQueue('stranger', redrive('dead', 1)));
    const allowed = await sqs.createQueue('orders', redrive('dead', 1));

    expect(denied.message).toMatch(/does not permit this source queue/);
    expect(stranger.message).toMatch(/does not permit this source queue/);
    expect(allowed).toBe(sqs.service.queueByName('orders')?.url);
  });

  it.each([
    [{ redrivePermission: 'sometimes' }, /redrivePermission of allowAll, denyAll or byQueue/],
    [{ redrivePermission: 'byQueue' }, /must specify sourceQueueArns/],
    [{ redrivePermission: 'denyAll', sourceQueueArns: ['arn'] }, /only when .* is byQueue/],
    [
      { redrivePermission: 'byQueue', sourceQueueArns: Array.from({ length: 11 }, () => 'arn') },
      /up to 10 source queue ARNs/,
    ],
  ])('refuses the allow policy %j', async (policy, message) => {
    const refusal = await refusalOf(
      sqs.createQueue('dead', { RedriveAllowPolicy: JSON.stringify(policy) }),
    );

    expect(refusal.message).toMatch(message);
  });
});
