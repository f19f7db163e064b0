import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { ManualClock } from '../manual-clock.ts';
import { bodiesOf, SqsFixture } from './sqs-fixture.ts';

describe('a FIFO queue', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  let url: string;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
    url = await sqs.createQueue('orders.fifo', {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
    });
  });
  afterEach(() => sqs.stop());

  /** `a1` is message 1 of group a. */
  const send = async (...bodies: string[]): Promise<void> => {
    for (const body of bodies) {
      await sqs.client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: body,
          MessageGroupId: body.slice(0, 1),
        }),
      );
    }
  };
  const receive = async (MaxNumberOfMessages = 10) => sqs.receive(url, { MaxNumberOfMessages });

  it('gives several messages of one group in one receive, then other groups', async () => {
    await send('a1', 'b1', 'a2', 'c1', 'a3', 'b2');

    const bodies = bodiesOf(await receive());

    expect(bodies).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'c1']);
  });

  it('gives nothing more of a group that has a message in flight', async () => {
    await send('a1', 'a2', 'b1');

    const first = bodiesOf(await receive(1));
    const second = bodiesOf(await receive());
    const third = bodiesOf(await receive());

    expect([first, second, third]).toEqual([['a1'], ['b1'], []]);
  });

  it('frees the group when the last message in flight is deleted', async () => {
    await send('a1', 'a2', 'a3');
    const [first, second] = await receive(2);

    const seen = [];
    for (const message of [second, first]) {
      await sqs.client.send(
        new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }),
      );
      seen.push(bodiesOf(await receive()));
    }

    expect(seen).toEqual([[], ['a3']]);
  });

  it('gives the first message again at once when it comes back, and none behind one in flight', async () => {
    await send('a1', 'a2', 'a3', 'a4');
    const [first] = await receive(3);

    await sqs.client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: first?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );

    expect(bodiesOf(await receive())).toEqual(['a1']);
    expect(await receive()).toEqual([]);
  });

  it('gives nothing when a message comes back behind one in flight', async () => {
    await send('a1', 'a2', 'a3');
    const [, second] = await receive(2);

    await sqs.client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: second?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );

    expect(await receive()).toEqual([]);
  });

  it('repeats a message that comes back before those behind it', async () => {
    await send('a1', 'a2', 'a3');
    const [first, second] = await receive(2);
    await sqs.client.send(
      new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: second?.ReceiptHandle }),
    );

    await sqs.client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: first?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );

    expect(bodiesOf(await receive())).toEqual(['a1', 'a3']);
  });

  it('repeats all of them in order when the visibility timeout ends', async () => {
    await send('a1', 'a2', 'a3');
    await receive(2);

    clock.advance(30_000);

    expect(bodiesOf(await receive())).toEqual(['a1', 'a2', 'a3']);
  });

  it('numbers messages upwards', async () => {
    await send('a1', 'b1', 'a2');

    const messages = await receive();

    const numbers = Object.fromEntries(
      messages.map(({ Body, Attributes }) => [Body, Attributes?.['SequenceNumber'] ?? '']),
    );
    expect(Object.values(numbers)).toEqual(
      Array.from({ length: 3 }, () => expect.stringMatching(/^\d{20}$/)),
    );
    expect(
      Object.keys(numbers).toSorted((x, y) => (numbers[x] ?? '').localeCompare(numbers[y] ?? '')),
    ).toEqual(['a1', 'b1', 'a2']);
  });

  it('wakes a long poll when a group becomes free', async () => {
    await send('a1', 'a2');
    const [first] = await receive(1);
    const polling = sqs.service
      .queueByName('orders.fifo')
      ?.receive({ maxMessages: 10, waitSeconds: 20, by: 'test' });

    await sqs.client.send(
      new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }),
    );

    expect((await polling)?.map(({ body }) => body)).toEqual(['a2']);
  });
});
