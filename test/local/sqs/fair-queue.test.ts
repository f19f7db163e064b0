import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeleteMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { bodiesOf, SqsFixture } from './sqs-fixture.ts';

describe('message groups on a standard queue', () => {
  let sqs: SqsFixture;
  let url: string;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
    url = await sqs.createQueue('orders');
  });
  afterEach(() => sqs.stop());

  const send = async (tenant: string | undefined, count: number): Promise<void> => {
    for (let number = 1; number <= count; number++) {
      await sqs.client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: `${tenant ?? 'nobody'}-${number}`,
          MessageGroupId: tenant,
        }),
      );
    }
  };

  it('let a quiet tenant pass a noisy one that came first', async () => {
    await send('noisy', 30);
    await sqs.receive(url);
    await send('quiet', 2);

    const next = bodiesOf(await sqs.receive(url));

    expect(next.slice(0, 2)).toEqual(['quiet-1', 'quiet-2']);
    expect(next.slice(2)).toEqual([11, 12, 13, 14, 15, 16, 17, 18].map((n) => `noisy-${n}`));
  });

  it('hold nothing back while only one tenant has messages', async () => {
    await send('only', 25);

    const received: string[] = [];
    while (received.length < 25) received.push(...bodiesOf(await sqs.receive(url)));

    expect(received).toEqual(Array.from({ length: 25 }, (_, index) => `only-${index + 1}`));
  });

  it('let messages without a group pass, too', async () => {
    await send('noisy', 20);
    await sqs.receive(url);
    await send(undefined, 1);

    const [first] = bodiesOf(await sqs.receive(url));

    expect(first).toBe('nobody-1');
  });

  it('forget the noise once the messages in flight are deleted', async () => {
    await send('noisy', 12);
    const inFlight = await sqs.receive(url);
    await send('quiet', 1);
    for (const { ReceiptHandle } of inFlight) {
      await sqs.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    }

    const next = bodiesOf(await sqs.receive(url));

    expect(next).toEqual(['noisy-11', 'noisy-12', 'quiet-1']);
  });

  it('do not lock: one tenant has several messages in flight', async () => {
    await send('tenant', 2);

    const first = await sqs.receive(url, { MaxNumberOfMessages: 1 });
    const second = await sqs.receive(url, { MaxNumberOfMessages: 1 });

    expect(bodiesOf([...first, ...second])).toEqual(['tenant-1', 'tenant-2']);
    expect(first[0]?.Attributes?.['MessageGroupId']).toBe('tenant');
  });
});
