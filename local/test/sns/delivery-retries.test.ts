import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnsubscribeCommand } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AwsError } from '../../endpoint/aws-error.ts';
import { delayAfterAttempt } from '../../sns/delivery/delivery-protocol.ts';
import { SqliteStorage } from '../../storage/sqlite-storage.ts';
import { ManualClock } from '../manual-clock.ts';
import { RecordingQueues } from './recording-targets.ts';
import { CLIENT, makeSns, startSns, subscribeQueue } from './running-sns.ts';

const unreachable = (count: number): Error[] =>
  Array.from({ length: count }, () => new Error('unreachable'));

describe('the schedule of retries', () => {
  it('is three at once, two after a second, ten up to 20 s, then every 20 s', () => {
    const delays = Array.from({ length: 17 }, (_, index) => delayAfterAttempt(index + 1) ?? -1);

    expect(delays.slice(0, 5)).toEqual([0, 0, 0, 1_000, 1_000]);
    expect([delays[5], delays[14], delays[15], delays[16]]).toEqual([
      1_000, 20_000, 20_000, 20_000,
    ]);
    expect(delays.slice(5, 15)).toEqual(delays.slice(5, 15).toSorted((a, b) => a - b));
  });

  it('ends after 100,015 retries', () => {
    expect(delayAfterAttempt(100_015)).toBe(20_000);
    expect(delayAfterAttempt(100_016)).toBeUndefined();
  });
});

describe('a delivery that fails', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  it('is tried again until the endpoint takes it', async () => {
    const sns = makeSns();
    const { arn: topicArn } = await sns.service.ensureTopic('Events', {});
    const queue = await subscribeQueue(sns, topicArn, 'queue', { RawMessageDelivery: 'true' });
    queue.failures = unreachable(5);

    await sns.service.publish({ topicArn, message: 'text' }, CLIENT);
    await sns.clock.advanceThrough(2_100, 10);

    expect(queue.bodies).toEqual(['text']);
    const failures = sns.activity.since().filter(({ type }) => type === 'delivery-failed');
    expect(failures).toMatchObject(
      [1, 2, 3, 4, 5].map((attempt) => ({ attempt, final: false, reason: 'unreachable' })),
    );
    const delivered = await sns.activity.waitFor('message-delivered');
    expect(delivered.attempt).toBe(6);
    expect(delivered.at - (failures[0]?.at ?? 0)).toBeGreaterThanOrEqual(2_000);
  });

  it('does not keep the other subscriptions waiting', async () => {
    const sns = makeSns();
    const { arn: topicArn } = await sns.service.ensureTopic('Events', {});
    const failing = await subscribeQueue(sns, topicArn, 'failing');
    const sound = await subscribeQueue(sns, topicArn, 'sound');
    failing.failures = unreachable(1);

    await sns.service.publish({ topicArn, message: 'text' }, CLIENT);

    expect([failing.sent.length, sound.sent.length]).toEqual([0, 1]);
  });

  it('ends when the subscription does', async () => {
    const sns = await startSns();
    const { arn: topicArn } = await sns.service.ensureTopic('Events', {});
    const queue = await subscribeQueue(sns, topicArn, 'queue');
    queue.failures = unreachable(1);
    await sns.service.publish({ topicArn, message: 'text' }, CLIENT);

    const { subscriptionArn: SubscriptionArn } = queue;
    await sns.client.send(new UnsubscribeCommand({ SubscriptionArn }));
    await sns.clock.advanceThrough(60_000, 20_000);

    expect(queue.sent).toEqual([]);
    expect(sns.clock.pending).toBe(0);
    await sns.stop();
  });

  it('is not tried again after the service is closed', async () => {
    const sns = makeSns();
    const { arn: topicArn } = await sns.service.ensureTopic('Events', {});
    const queue = await subscribeQueue(sns, topicArn, 'queue');
    queue.failures = unreachable(1);
    await sns.service.publish({ topicArn, message: 'text' }, CLIENT);

    await sns.service.close();
    await sns.clock.advanceThrough(60_000, 20_000);

    expect(queue.sent).toEqual([]);
  });

  it.each([
    ['refuses the message', new AwsError('InvalidMessageContents', 'odd characters'), true],
    ['throttles', new AwsError('ThrottlingException', 'slow down'), false],
    ['breaks', new AwsError('InternalFailure', 'broken', { httpStatus: 500 }), false],
  ])('is final only for a client-side error: the queue %s', async (_, error, final) => {
    const sns = makeSns();
    const { arn: topicArn } = await sns.service.ensureTopic('Events', {});
    const queue = await subscribeQueue(sns, topicArn, 'queue');
    queue.failures = [error];

    await sns.service.publish({ topicArn, message: 'text' }, CLIENT);

    expect(await sns.activity.waitFor('delivery-failed')).toMatchObject({ attempt: 1, final });
  });

  it('is tried again in time after a restart with the clock set back', async () => {
    // Prepare
    const folder = mkdtempSync(join(tmpdir(), 'sns-'));
    folders.push(folder);
    const queues = new RecordingQueues();
    const before = makeSns({ storage: new SqliteStorage(folder), queues });
    const { arn: topicArn } = await before.service.ensureTopic('Events', {});
    const queue = await subscribeQueue(before, topicArn, 'queue', { RawMessageDelivery: 'true' });
    queue.failures = unreachable(4);
    await before.service.publish({ topicArn, message: 'text' }, CLIENT);
    await before.clock.advanceThrough(10, 1);
    await before.service.close();
    before.context.storage.close();

    // Act
    const clock = new ManualClock(before.clock.now() - 60 * 60_000);
    const after = makeSns({ storage: new SqliteStorage(folder), queues, clock });
    await clock.advanceThrough(2_100, 10);

    // Assess
    expect(queue.bodies).toEqual(['text']);
    await after.service.close();
    after.context.storage.close();
  });

  it('goes on after a restart, in the order of its group, and repetition is still recognised', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sns-'));
    folders.push(folder);
    const queues = new RecordingQueues();
    const before = makeSns({ storage: new SqliteStorage(folder), queues });
    const { arn: topicArn } = await before.service.ensureTopic('Events.fifo', {
      FifoTopic: 'true',
    });
    const queue = await subscribeQueue(before, topicArn, 'queue.fifo', {
      RawMessageDelivery: 'true',
    });
    queue.failures = unreachable(1);
    const publish = (sns: typeof before, message: string) =>
      sns.service.publish(
        { topicArn, message, messageGroupId: 'g', messageDeduplicationId: message },
        CLIENT,
      );
    await publish(before, 'first');
    await publish(before, 'second');
    await before.service.close();
    before.context.storage.close();

    const after = makeSns({ storage: new SqliteStorage(folder), queues });
    const third = publish(after, 'third');
    await publish(after, 'second');
    await after.clock.advanceThrough(1_000);
    await third;

    expect(queue.bodies).toEqual(['first', 'second', 'third']);
    await after.service.close();
    const stored = after.context.storage.collection('sns-pending-deliveries', (json) => json);
    expect(stored.load()).toEqual([]);
    after.context.storage.close();
  });
});
