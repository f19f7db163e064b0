import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  DeleteMessageCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { ManualClock } from '../manual-clock.ts';
import { bodiesOf, handleOf, SqsFixture } from './sqs-fixture.ts';

describe('deduplication', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
  });
  afterEach(() => sqs.stop());

  const create = (attributes: Record<string, string> = {}) =>
    sqs.createQueue('orders.fifo', { FifoQueue: 'true', ...attributes });
  const send = (QueueUrl: string, input: Partial<SendMessageCommandInput>) =>
    sqs.client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'body', MessageGroupId: 'g', ...input }),
    );

  it("ends after five minutes though the machine's clock is set back", async () => {
    const url = await create();
    const first = await send(url, { MessageDeduplicationId: 'd' });
    clock.setBack(3_600_000);
    clock.advance(300_000);

    const second = await send(url, { MessageDeduplicationId: 'd' });

    expect(second.MessageId).not.toBe(first.MessageId);
  });

  it('accepts a repeated id and delivers once', async () => {
    const url = await create();

    const first = await send(url, { MessageBody: 'one', MessageDeduplicationId: 'id' });
    const second = await send(url, { MessageBody: 'two', MessageDeduplicationId: 'id' });

    expect(second.MessageId).toBe(first.MessageId);
    expect(second.SequenceNumber).toBe(first.SequenceNumber);
    expect(bodiesOf(await sqs.receive(url))).toEqual(['one']);
    const told = sqs.activity.since().filter(({ type }) => type === 'message-sent');
    expect(told).toMatchObject([{ duplicate: false }, { duplicate: true }]);
  });

  it('lasts five minutes, also when the message is long deleted', async () => {
    const url = await create();
    await send(url, { MessageDeduplicationId: 'id' });
    await sqs.client.send(
      new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handleOf(await sqs.receive(url)) }),
    );

    clock.advance(299_999);
    await send(url, { MessageDeduplicationId: 'id' });
    const within = await sqs.receive(url);
    clock.advance(1);
    await send(url, { MessageDeduplicationId: 'id' });
    const after = await sqs.receive(url);

    expect(within).toEqual([]);
    expect(after).toHaveLength(1);
  });

  it('by content looks at the body alone', async () => {
    const url = await create({ ContentBasedDeduplication: 'true' });

    await send(url, { MessageBody: 'same' });
    await send(url, {
      MessageBody: 'same',
      MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } },
    });
    await send(url, { MessageBody: 'other' });
    await send(url, { MessageBody: 'same', MessageDeduplicationId: 'explicit' });

    expect(bodiesOf(await sqs.receive(url))).toEqual(['same', 'other', 'same']);
  });

  it.each([
    ['queue', {}, 1],
    ['messageGroup', { DeduplicationScope: 'messageGroup' }, 2],
  ])('in the scope %s tells groups apart accordingly', async (_scope, attributes, count) => {
    const url = await create(attributes);

    await send(url, { MessageGroupId: 'a', MessageDeduplicationId: 'id' });
    await send(url, { MessageGroupId: 'b', MessageDeduplicationId: 'id' });

    expect(await sqs.receive(url)).toHaveLength(count);
  });
});
