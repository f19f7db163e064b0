import { describe, expect, it } from '@jest/globals';
import { ActivityStream, ActivityTimeoutError } from '../../activity/activity-stream.ts';
import type { Activity } from '../../activity/activity.ts';
import { systemClock } from '../../context/clock.ts';

const deleted = (messageId: string): Activity => ({
  type: 'message-deleted',
  queue: 'Orders',
  messageId,
});

const published = (body: string): Activity => ({
  type: 'message-published',
  topic: 'Events',
  messageId: '1',
  body,
  attributes: {},
  caller: { kind: 'client', accessKeyId: 'test' },
  duplicate: false,
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
    const stream = new ActivityStream(systemClock, { count: 2, bytes: 1_000_000 });
    for (let count = 0; count < 5; count++) stream.record(deleted(`message-${count}`));

    expect(stream.since()).toMatchObject([{ messageId: 'message-3' }, { messageId: 'message-4' }]);
  });

  it('keeps no more bytes than its limit, however large the bodies are', () => {
    // Prepare
    const stream = new ActivityStream(systemClock, { count: 1_000, bytes: 1_000_000 });
    const bodies: string[] = [];
    stream.subscribe((each) => bodies.push('body' in each ? each.body : ''));

    // Act
    for (let count = 0; count < 200; count++) stream.record(published('x'.repeat(50_000)));
    stream.record(published('y'.repeat(250_000)));

    // Assess
    expect(bodies.at(-1)).toHaveLength(250_000);
    const kept = stream.since().flatMap((each) => ('body' in each ? [each.body] : []));
    expect(kept.at(-1)).toBe(`${'y'.repeat(200)}… (250000 characters)`);
    expect(kept.join('').length).toBeLessThan(1_000_000);
    expect(kept.length).toBeGreaterThan(5);
  });

  it('gives what follows bit by bit, and says when that is not kept any more', () => {
    const stream = new ActivityStream(systemClock, { count: 2, bytes: 1_000_000 });
    for (let count = 0; count < 5; count++) stream.record(deleted(`message-${count}`));

    expect(stream.next(3, 1)).toMatchObject([{ sequence: 4 }]);
    expect(stream.next(5, 1)).toEqual([]);
    expect(stream.next(2, 1)).toBeUndefined();
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
