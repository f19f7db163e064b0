import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeleteMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { ManualClock } from '../manual-clock.ts';
import { handleOf, refusalOf, SqsFixture } from './sqs-fixture.ts';

describe('receipt handles', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
  });
  afterEach(() => sqs.stop());

  const remove = (QueueUrl: string, ReceiptHandle: string) =>
    sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

  const count = async (url: string): Promise<number> => {
    const attributes = await sqs.attributes(url);
    return (
      Number(attributes['ApproximateNumberOfMessages']) +
      Number(attributes['ApproximateNumberOfMessagesNotVisible'])
    );
  };

  describe('of a standard queue', () => {
    let url: string;
    beforeEach(async () => {
      url = await sqs.createQueue('orders');
      await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'body' }));
    });

    it('delete their message, and a second time do no harm', async () => {
      const handle = handleOf(await sqs.receive(url));

      await remove(url, handle);
      await remove(url, handle);

      expect(await count(url)).toBe(0);
    });

    it('still delete after the timeout, while nobody else received the message', async () => {
      const handle = handleOf(await sqs.receive(url));
      clock.advance(30_000);

      await remove(url, handle);

      expect(await count(url)).toBe(0);
      expect(await sqs.receive(url)).toEqual([]);
    });

    it('still delete once the message was received again', async () => {
      const old = handleOf(await sqs.receive(url));
      clock.advance(30_000);
      const current = handleOf(await sqs.receive(url));

      await remove(url, old);

      expect(current).not.toBe(old);
      expect(await count(url)).toBe(0);
    });

    it.each(['nonsense', '', Buffer.from('orders x 1').toString('base64')])(
      'that are none (%j) are refused',
      async (handle) => {
        const refusal = await refusalOf(remove(url, handle));

        expect(refusal.message).toBe(
          `The input receipt handle "${handle}" is not a valid receipt handle.`,
        );
      },
    );

    it('of another queue are refused', async () => {
      const handle = handleOf(await sqs.receive(url));
      const other = await sqs.createQueue('other');

      const refusal = await refusalOf(remove(other, handle));

      expect(refusal.name).toBe('ReceiptHandleIsInvalid');
    });
  });

  it('of a FIFO queue expire with the visibility timeout', async () => {
    const url = await sqs.createQueue('orders.fifo', { FifoQueue: 'true' });
    await sqs.client.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: 'body',
        MessageGroupId: 'g',
        MessageDeduplicationId: 'd',
      }),
    );
    const handle = handleOf(await sqs.receive(url));
    clock.advance(30_000);

    const refusal = await refusalOf(remove(url, handle));

    expect(refusal.message).toBe(
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    );
    expect(await count(url)).toBe(1);
  });
});
