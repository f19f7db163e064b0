import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { ManualClock } from '../manual-clock.ts';
import { bodiesOf, handleOf, refusalOf, SqsFixture } from './sqs-fixture.ts';

describe('the visibility timeout', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  let url: string;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
    url = await sqs.createQueue('orders', { VisibilityTimeout: '30' });
    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'body' }));
  });
  afterEach(() => sqs.stop());

  const change = (ReceiptHandle: string, VisibilityTimeout: number) =>
    sqs.client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout }),
    );

  it('hides a received message until it ends', async () => {
    await sqs.receive(url);
    clock.advance(29_999);
    const before = await sqs.receive(url);

    clock.advance(1);
    const [after] = await sqs.receive(url);

    expect(before).toEqual([]);
    expect(after?.Attributes?.['ApproximateReceiveCount']).toBe('2');
    expect(sqs.activity.since().map(({ type }) => type)).toContain('message-returned');
  });

  it('may be chosen for one receive', async () => {
    await sqs.receive(url, { VisibilityTimeout: 5 });

    clock.advance(5_000);

    expect(await sqs.receive(url)).toHaveLength(1);
  });

  it('of zero leaves the message visible, and counts the receive', async () => {
    await sqs.receive(url, { VisibilityTimeout: 0 });

    const [again] = await sqs.receive(url);

    expect(again?.Attributes?.['ApproximateReceiveCount']).toBe('2');
  });

  it("ends in time though the machine's clock is set back", async () => {
    await sqs.receive(url);

    clock.setBack(3_600_000);
    clock.advance(30_000);

    expect(await sqs.receive(url)).toHaveLength(1);
  });

  it('can be extended, from now on', async () => {
    const handle = handleOf(await sqs.receive(url));
    clock.advance(20_000);

    await change(handle, 30);

    clock.advance(29_999);
    expect(await sqs.receive(url)).toEqual([]);
    clock.advance(1);
    expect(await sqs.receive(url)).toHaveLength(1);
  });

  it('changed to zero gives the message back at once', async () => {
    const handle = handleOf(await sqs.receive(url));

    await change(handle, 0);

    expect(await sqs.receive(url)).toHaveLength(1);
  });

  it('that ends puts a message before those that were sent after it', async () => {
    await sqs.receive(url);
    for (const MessageBody of ['second', 'third']) {
      await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
    }
    clock.advance(30_000);

    const bodies = bodiesOf(await sqs.receive(url));

    expect(bodies.slice(1)).toEqual(['second', 'third']);
    expect(bodies).toHaveLength(3);
  });

  it('can be changed once it has ended: the message is hidden again', async () => {
    const handle = handleOf(await sqs.receive(url));
    clock.advance(30_000);

    await change(handle, 60);

    expect(await sqs.receive(url)).toEqual([]);
    clock.advance(60_000);
    expect(await sqs.receive(url)).toHaveLength(1);
  });

  it('can be ended twice', async () => {
    const handle = handleOf(await sqs.receive(url));
    await change(handle, 0);

    await change(handle, 0);

    expect(await sqs.receive(url)).toHaveLength(1);
  });

  it('can be changed with an older receipt handle', async () => {
    const old = handleOf(await sqs.receive(url));
    clock.advance(30_000);
    await sqs.receive(url);

    await change(old, 0);

    expect(await sqs.receive(url)).toHaveLength(1);
  });

  it('can not be changed once the message is deleted', async () => {
    const handle = handleOf(await sqs.receive(url));
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));

    const refusal = await refusalOf(change(handle, 60));

    expect(refusal.message).toMatch(/not available for visibility timeout change\.$/);
  });

  it.each([-1, 43_201])('of %d s is refused', async (seconds) => {
    const handle = handleOf(await sqs.receive(url));

    const refusals = [
      await refusalOf(change(handle, seconds)),
      await refusalOf(sqs.receive(url, { VisibilityTimeout: seconds })),
    ];

    for (const { message } of refusals) {
      expect(message).toBe(
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.`,
      );
    }
  });

  it('adds up to no more than 12 hours from the receive', async () => {
    const handle = handleOf(await sqs.receive(url));
    clock.advance(10_000);

    const refusal = await refusalOf(change(handle, 43_191));
    await change(handle, 43_190);

    expect(refusal.message).toMatch(/beyond the limit \[43200 seconds\]$/);
  });
});
