import { describe, expect, it } from '@jest/globals';
import { ActivityStream, ActivityTimeoutError } from '../../activity/activity-stream.ts';
import type { Activity } from '../../activity/activity.ts';
import { systemClock } from '../../clock.ts';

const deleted = (messageId: string): Activity => ({
  type: 'message-deleted',
  queue: 'Orders',
  messageId,
});

describe('the activity stream', () => {
  it('numbers activities and tells every listener until it leaves', () => {
    const stream = new ActivityStream(systemClock);
    const seen: number[] = [];
    const leave = stream.subscribe(({ sequence }) => seen.push(sequence));

    stream.record(deleted('a'));
    stream.record(deleted('b'));
    leave();
    stream.record(deleted('c'));

    expect(seen).toEqual([1, 2]);
  });

  it('gives what was recorded after a sequence number', () => {
    const stream = new ActivityStream(systemClock);
    for (const id of ['a', 'b', 'c']) stream.record(deleted(id));

    expect(stream.since(1)).toMatchObject([{ messageId: 'b' }, { messageId: 'c' }]);
  });

  it('forgets the oldest activities past its limit', () => {
    const stream = new ActivityStream(systemClock, 2);
    for (let count = 0; count < 5; count++) stream.record(deleted(`message-${count}`));

    expect(stream.since()).toMatchObject([{ messageId: 'message-3' }, { messageId: 'message-4' }]);
  });

  it('resolves a wait with an activity that was there before', async () => {
    const stream = new ActivityStream(systemClock);
    stream.record(deleted('a'));

    await expect(stream.waitFor('message-deleted')).resolves.toMatchObject({ messageId: 'a' });
  });

  it('resolves a wait with the first later activity that fits', async () => {
    const stream = new ActivityStream(systemClock);
    stream.record(deleted('b'));
    const waiting = stream.waitFor('message-deleted', ({ messageId }) => messageId === 'b', {
      after: 1,
    });

    stream.record(deleted('a'));
    stream.record(deleted('b'));

    await expect(waiting).resolves.toMatchObject({ sequence: 3 });
  });

  it('fails a wait that nothing ends', async () => {
    const stream = new ActivityStream(systemClock);

    await expect(
      stream.waitFor('message-deleted', () => true, { timeoutMs: 5 }),
    ).rejects.toBeInstanceOf(ActivityTimeoutError);
  });
});
