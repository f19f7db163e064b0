import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { ManualClock } from '../manual-clock.ts';
import { bodiesOf, SENDER, SqsFixture } from './sqs-fixture.ts';

/** Resolves when `reached` holds, looking once per turn of the event loop. */
async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setImmediate(resolve));
}

describe('long polling', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
  });
  afterEach(() => sqs.stop());

  const setAttribute = (QueueUrl: string, name: string, value: string) =>
    sqs.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { [name]: value } }));

  it.each([
    ['the request', {}, { WaitTimeSeconds: 20 }],
    ['the queue', { ReceiveMessageWaitTimeSeconds: '20' }, {}],
  ])('waits as long as %s says, and answers with nothing', async (_who, attributes, input) => {
    const url = await sqs.createQueue('orders', attributes);
    const polling = sqs.receive(url, input);
    await until(() => clock.pending > 0);

    clock.advance(20_000);

    expect(await polling).toEqual([]);
  });

  it('answers at once when the request overrides the queue with zero', async () => {
    const url = await sqs.createQueue('orders', { ReceiveMessageWaitTimeSeconds: '20' });

    const messages = await sqs.receive(url, { WaitTimeSeconds: 0 });

    expect(messages).toEqual([]);
  });

  it('hands the messages of one batch to one receiver together', async () => {
    const url = await sqs.createQueue('orders');
    const polls = [0, 1].map(() => sqs.receive(url, { WaitTimeSeconds: 20 }));
    await until(() => clock.pending === 2);

    await sqs.client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: ['a', 'b', 'c'].map((body) => ({ Id: body, MessageBody: body })),
      }),
    );
    const first = await Promise.race(polls);
    clock.advance(20_000);
    const all = await Promise.all(polls);

    expect(bodiesOf(first)).toEqual(['a', 'b', 'c']);
    expect(all.map(({ length }) => length).toSorted((left, right) => left - right)).toEqual([0, 3]);
  });

  it('answers when a visibility timeout ends', async () => {
    const url = await sqs.createQueue('orders', { VisibilityTimeout: '5' });
    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'again' }));
    await sqs.receive(url);
    const polling = sqs.receive(url, { WaitTimeSeconds: 20 });
    await until(() => clock.pending === 2);

    clock.advance(5_000);

    expect(bodiesOf(await polling)).toEqual(['again']);
  });

  it('hides a message for as long as the queue says when it comes', async () => {
    const url = await sqs.createQueue('orders', { VisibilityTimeout: '60' });
    const polling = sqs.receive(url, { WaitTimeSeconds: 20 });
    await until(() => clock.pending === 1);
    await setAttribute(url, 'VisibilityTimeout', '5');

    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'soon back' }));
    await polling;
    clock.advance(5_000);

    expect(bodiesOf(await sqs.receive(url))).toEqual(['soon back']);
  });

  it('hides a message for as long as its request says, whatever the queue says', async () => {
    const url = await sqs.createQueue('orders', { VisibilityTimeout: '5' });
    const polling = sqs.receive(url, { WaitTimeSeconds: 20, VisibilityTimeout: 60 });
    await until(() => clock.pending === 1);
    await setAttribute(url, 'VisibilityTimeout', '10');

    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'hidden' }));
    await polling;
    clock.advance(59_999);

    expect(await sqs.receive(url)).toEqual([]);
  });

  it('heeds a redrive policy that was set while it waited', async () => {
    const url = await sqs.createQueue('orders', { VisibilityTimeout: '5' });
    const deadLetterUrl = await sqs.createQueue('dead-letters');
    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'poison' }));
    await sqs.receive(url);
    const polling = sqs.receive(url, { WaitTimeSeconds: 20 });
    await until(() => clock.pending === 2);
    const policy = { deadLetterTargetArn: sqs.arnOf('dead-letters'), maxReceiveCount: 1 };
    await setAttribute(url, 'RedrivePolicy', JSON.stringify(policy));

    const moved = sqs.activity.waitFor('message-dead-lettered');
    clock.advance(5_000);
    await moved;
    clock.advance(15_000);

    expect(await polling).toEqual([]);
    expect(bodiesOf(await sqs.receive(deadLetterUrl))).toEqual(['poison']);
  });

  it('hides no message from others when its receiver has left', async () => {
    const url = await sqs.createQueue('orders');
    const queue = sqs.service.queueByName('orders');
    const leaving = new AbortController();
    const polling = queue?.receive({
      maxMessages: 10,
      waitSeconds: 20,
      signal: leaving.signal,
      by: 'test',
    });

    leaving.abort();
    await queue?.send({ body: 'kept' }, SENDER);

    expect(await polling).toEqual([]);
    expect(bodiesOf(await sqs.receive(url))).toEqual(['kept']);
    expect(clock.pending).toBe(1);
  });

  it('hides no message when the client hangs up', async () => {
    const url = await sqs.createQueue('orders');
    const hangUp = new AbortController();
    const polling = fetch(sqs.url, {
      method: 'POST',
      signal: hangUp.signal,
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=t/20260101/eu-central-1/sqs/aws4_request',
        'x-amz-target': 'AmazonSQS.ReceiveMessage',
      },
      body: JSON.stringify({ QueueUrl: url, WaitTimeSeconds: 20 }),
    });
    await until(() => clock.pending === 1);

    hangUp.abort();
    await expect(polling).rejects.toThrow('aborted');
    await until(() => clock.pending === 0);
    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'kept' }));

    expect(bodiesOf(await sqs.receive(url))).toEqual(['kept']);
  });

  it('ends when the service closes', async () => {
    await sqs.createQueue('orders');
    const polling = sqs.service
      .queueByName('orders')
      ?.receive({ maxMessages: 1, waitSeconds: 20, by: 'test' });

    await sqs.service.close();

    expect(await polling).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('gives nothing to a receiver that aborted before it asked', async () => {
    await sqs.createQueue('orders');
    const queue = sqs.service.queueByName('orders');
    await queue?.send({ body: 'kept' }, SENDER);
    const left = new AbortController();
    const aborted = once(left.signal, 'abort');
    left.abort();
    await aborted;

    const messages = await queue?.receive({
      maxMessages: 1,
      waitSeconds: 0,
      signal: left.signal,
      by: 'test',
    });

    expect(messages).toEqual([]);
    expect(await queue?.receive({ maxMessages: 1, waitSeconds: 0, by: 'test' })).toHaveLength(1);
  });
});
