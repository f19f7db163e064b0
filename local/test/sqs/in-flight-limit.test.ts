import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../manual-clock.ts';
import { refusalOf, SENDER, SqsFixture } from './sqs-fixture.ts';

const LIMIT = 120_000;

describe('the limit of messages in flight', () => {
  let sqs: SqsFixture;
  beforeEach(async () => {
    sqs = await SqsFixture.start({ clock: new ManualClock() });
  });
  afterEach(() => sqs.stop());

  it('refuses short polls and leaves long polls waiting', async () => {
    const url = await sqs.createQueue('orders');
    const queue = sqs.service.queueByName('orders');
    for (let sent = 0; sent < LIMIT + 1; sent++) void queue?.send({ body: 'x' }, SENDER);
    for (let taken = 0; taken < LIMIT; taken += 10) {
      await queue?.receive({ maxMessages: 10, waitSeconds: 0, by: 'test' });
    }
    const leaving = new AbortController();

    const refusal = await refusalOf(sqs.receive(url));
    const polling = queue?.receive({
      maxMessages: 1,
      waitSeconds: 20,
      signal: leaving.signal,
      by: 'test',
    });
    leaving.abort();

    expect(refusal.name).toBe('OverLimit');
    expect(await polling).toEqual([]);
    expect(await sqs.attributes(url)).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: String(LIMIT),
    });
  });
});
