import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { ManualClock } from '../manual-clock.ts';
import { bodiesOf, refusalOf, SqsFixture } from './sqs-fixture.ts';

describe('purging a queue', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  let url: string;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
    url = await sqs.createQueue('orders');
  });
  afterEach(() => sqs.stop());

  const send = (DelaySeconds = 0) =>
    sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', DelaySeconds }));
  const purge = () => sqs.client.send(new PurgeQueueCommand({ QueueUrl: url }));

  it('removes visible, delayed and in-flight messages, and leaves the queue in order', async () => {
    await send();
    await sqs.receive(url);
    await send();
    await send(60);

    await purge();

    expect(await sqs.attributes(url)).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
    });
    clock.advance(120_000);
    expect(await sqs.receive(url)).toEqual([]);
    await send();
    expect(await sqs.receive(url)).toHaveLength(1);
  });

  it('forgets deduplication ids, so that a message sent again is delivered', async () => {
    const QueueUrl = await sqs.createQueue('orders.fifo', { FifoQueue: 'true' });
    const message = { QueueUrl, MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    await sqs.client.send(new SendMessageCommand({ ...message, MessageBody: 'first' }));

    await sqs.client.send(new PurgeQueueCommand({ QueueUrl }));
    await sqs.client.send(new SendMessageCommand({ ...message, MessageBody: 'second' }));

    expect(bodiesOf(await sqs.receive(QueueUrl))).toEqual(['second']);
  });

  it('is refused within a minute of the last time', async () => {
    await purge();

    clock.advance(59_999);
    const refusal = await refusalOf(purge());
    clock.advance(1);
    await purge();

    expect(refusal).toEqual({
      name: 'PurgeQueueInProgress',
      message: 'Only one PurgeQueue operation on orders is allowed every 60 seconds.',
    });
  });
});
