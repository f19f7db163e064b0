import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { ManualClock } from '../manual-clock.ts';
import { bodiesOf, SqsFixture } from './sqs-fixture.ts';

describe('delayed messages', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
  });
  afterEach(() => sqs.stop());

  const send = (QueueUrl: string, MessageBody: string, DelaySeconds?: number) =>
    sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));

  it('become visible after the delay of the queue, or of the message', async () => {
    const url = await sqs.createQueue('orders', { DelaySeconds: '10' });
    await send(url, 'queue');
    await send(url, 'message', 5);
    await send(url, 'now', 0);

    const seen: string[][] = [];
    for (const step of [0, 4_999, 1, 5_000]) {
      clock.advance(step);
      seen.push(bodiesOf(await sqs.receive(url)));
    }

    expect(seen).toEqual([['now'], [], ['message'], ['queue']]);
  });

  it('are counted as delayed', async () => {
    const url = await sqs.createQueue('orders', { DelaySeconds: '10' });
    await send(url, 'a');
    const during = await sqs.attributes(url);

    clock.advance(10_000);

    expect(during).toMatchObject({
      ApproximateNumberOfMessagesDelayed: '1',
      ApproximateNumberOfMessages: '0',
    });
    expect(await sqs.attributes(url)).toMatchObject({
      ApproximateNumberOfMessagesDelayed: '0',
      ApproximateNumberOfMessages: '1',
    });
  });

  it.each([
    ['orders', {}, 0],
    ['orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' }, 1],
  ])(
    'keep their delay in %s when its delay changes, unless it is FIFO',
    async (name, kind, count) => {
      const QueueUrl = await sqs.createQueue(name, { ...kind, DelaySeconds: '60' });
      await sqs.client.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody: 'a',
          ...('FifoQueue' in kind ? { MessageGroupId: 'g' } : {}),
        }),
      );
      clock.advance(5_000);

      await sqs.client.send(
        new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '5' } }),
      );

      expect(await sqs.receive(QueueUrl)).toHaveLength(count);
    },
  );

  it('of a FIFO queue wait for theirs while those before them are handed out', async () => {
    const QueueUrl = await sqs.createQueue('orders.fifo', {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
      DelaySeconds: '10',
    });
    for (const MessageBody of ['first', 'second']) {
      await sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: 'g' }));
      clock.advance(6_000);
    }

    const messages = await sqs.receive(QueueUrl);

    expect(bodiesOf(messages)).toEqual(['first']);
  });
});
