import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeleteMessageCommand, type Message } from '@aws-sdk/client-sqs';
import { bodiesOf, SENDER, SqsFixture } from './sqs-fixture.ts';

describe('message groups on a standard queue', () => {
  let sqs: SqsFixture;
  let url: string;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
    url = await sqs.createQueue('orders');
  });
  afterEach(() => sqs.stop());

  /** Sends `<tenant>-1` and so on. */
  const send = async (tenant: string | undefined, count: number): Promise<void> => {
    const queue = sqs.service.queueByName('orders');
    for (let number = 1; number <= count; number++) {
      const body = `${tenant ?? 'nobody'}-${number}`;
      await queue?.send({ body, messageGroupId: tenant }, SENDER);
    }
  };

  /** Takes messages in flight, ten at a time. */
  const receive = async (count: number): Promise<Message[]> => {
    const received: Message[] = [];
    while (received.length < count) {
      const MaxNumberOfMessages = Math.min(10, count - received.length);
      received.push(...(await sqs.receive(url, { MaxNumberOfMessages })));
    }
    return received;
  };

  it('let a quiet tenant pass one with 30 messages in flight that came first', async () => {
    await send('noisy', 50);
    await receive(30);
    await send('quiet', 2);

    const next = bodiesOf(await receive(10));

    expect(next.slice(0, 2)).toEqual(['quiet-1', 'quiet-2']);
    expect(next.slice(2)).toEqual([31, 32, 33, 34, 35, 36, 37, 38].map((n) => `noisy-${n}`));
  });

  it('hold nothing back below 30 messages in flight', async () => {
    await send('busy', 30);
    await receive(29);
    await send('quiet', 1);

    const next = bodiesOf(await receive(2));

    expect(next).toEqual(['busy-30', 'quiet-1']);
  });

  it.each([
    ['at a tenth of the messages in flight', 270, ['busy-31', 'quiet-1']],
    ['above a tenth', 269, ['quiet-1', 'busy-31']],
  ])('decide by the share of the messages in flight: %s', async (_case, others, expected) => {
    await send(undefined, others);
    await send('busy', 31);
    await receive(others + 30);
    await send('quiet', 1);

    const next = bodiesOf(await receive(2));

    expect(next).toEqual(expected);
  });

  it('hold nothing back while only one tenant has messages', async () => {
    await send('only', 45);

    const received = bodiesOf(await receive(45));

    expect(received).toEqual(Array.from({ length: 45 }, (_, index) => `only-${index + 1}`));
  });

  it('make a tenant of each message without a group: however many, none is noisy', async () => {
    await send(undefined, 41);
    await receive(40);
    await send('quiet', 1);

    const next = bodiesOf(await receive(2));

    expect(next).toEqual(['nobody-41', 'quiet-1']);
  });

  it('let messages without a group pass a noisy tenant, too', async () => {
    await send('noisy', 40);
    await receive(30);
    await send(undefined, 1);

    const [first] = bodiesOf(await receive(1));

    expect(first).toBe('nobody-1');
  });

  it('serve the tenant with the fewest messages in flight where all are noisy', async () => {
    await send('noisy', 36);
    await receive(35);
    await send('noisier', 31);
    await receive(31);
    await send('noisier', 1);

    const [first] = bodiesOf(await receive(1));

    expect(first).toBe('noisier-1');
  });

  it('forget the noise once the messages in flight are deleted', async () => {
    await send('noisy', 32);
    const [inFlight] = await receive(30);
    await send('quiet', 1);
    await sqs.client.send(
      new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: inFlight?.ReceiptHandle }),
    );

    const next = bodiesOf(await receive(3));

    expect(next).toEqual(['noisy-31', 'quiet-1', 'noisy-32']);
  });

  it('do not lock: one tenant has several messages in flight', async () => {
    await send('tenant', 2);

    const first = await receive(1);
    const second = await receive(1);

    expect(bodiesOf([...first, ...second])).toEqual(['tenant-1', 'tenant-2']);
    expect(first[0]?.Attributes?.['MessageGroupId']).toBe('tenant');
  });
});
