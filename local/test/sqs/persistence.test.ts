import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  DeleteMessageCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  SendMessageCommand,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { SqliteStorage } from '../../storage/sqlite-storage.ts';
import { ManualClock } from '../manual-clock.ts';
import { bodiesOf, handleOf, refusalOf, SqsFixture, temporaryFolder } from './sqs-fixture.ts';

describe('a service that starts again on the same folder', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let clock: ManualClock;
  let sqs: SqsFixture;
  const start = async (): Promise<void> => {
    sqs = await SqsFixture.start({ clock, storage: new SqliteStorage(folder.path) });
  };
  const restart = async (): Promise<void> => {
    await sqs.stop();
    await start();
  };
  const urlOf = (name: string): string => sqs.service.queueByName(name)?.url ?? '';

  beforeEach(async () => {
    folder = temporaryFolder();
    clock = new ManualClock();
    await start();
  });
  afterEach(async () => {
    await sqs.stop();
    folder.remove();
  });

  const send = (name: string, MessageBody: string, rest: object = {}) =>
    sqs.client.send(new SendMessageCommand({ QueueUrl: urlOf(name), MessageBody, ...rest }));

  it('has its queues, attributes and tags, at the new address', async () => {
    const before = await sqs.createQueue('orders', { VisibilityTimeout: '77' });
    await sqs.client.send(new TagQueueCommand({ QueueUrl: before, Tags: { stage: 'dev' } }));

    await restart();

    const { Tags } = await sqs.client.send(new ListQueueTagsCommand({ QueueUrl: urlOf('orders') }));
    expect(urlOf('orders')).toBe(`${sqs.url}/000000000000/orders`);
    expect(await sqs.attributes(urlOf('orders'))).toMatchObject({ VisibilityTimeout: '77' });
    expect(Tags).toEqual({ stage: 'dev' });
  });

  it('has its messages: visible, delayed and in flight, but none that was deleted', async () => {
    await sqs.createQueue('orders');
    await send('orders', 'deleted');
    const QueueUrl = urlOf('orders');
    const ReceiptHandle = handleOf(await sqs.receive(QueueUrl));
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    await send('orders', 'in flight', {
      MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } },
    });
    const held = handleOf(await sqs.receive(QueueUrl));
    await send('orders', 'visible');
    await send('orders', 'delayed', { DelaySeconds: 60 });

    await restart();

    const seen: string[][] = [];
    for (const wait of [0, 30_000, 30_000]) {
      clock.advance(wait);
      const messages = await sqs.receive(urlOf('orders'), { VisibilityTimeout: 3_600 });
      seen.push(bodiesOf(messages));
      for (const { Body, Attributes, MessageAttributes } of messages) {
        if (Body !== 'in flight') continue;
        expect(Attributes?.['ApproximateReceiveCount']).toBe('2');
        expect(MessageAttributes?.['n']?.StringValue).toBe('1');
      }
    }
    expect(held).not.toBe('');
    expect(seen).toEqual([['visible'], ['in flight'], ['delayed']]);
  });

  it('hides a message no longer than its timeout when the clock was set back between the runs', async () => {
    await sqs.createQueue('orders');
    await send('orders', 'in flight');
    await sqs.receive(urlOf('orders'), { VisibilityTimeout: 60 });
    await sqs.stop();
    clock = new ManualClock(clock.now() - 3_600_000);
    await start();

    clock.advance(60_000);

    expect(bodiesOf(await sqs.receive(urlOf('orders')))).toEqual(['in flight']);
  });

  it('still honours a receipt handle of the run before', async () => {
    await sqs.createQueue('orders');
    await send('orders', 'body');
    const ReceiptHandle = handleOf(await sqs.receive(urlOf('orders')));

    await restart();
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl: urlOf('orders'), ReceiptHandle }));

    clock.advance(30_000);
    expect(await sqs.receive(urlOf('orders'))).toEqual([]);
  });

  it('has the deduplication window, the order and the sequence of a FIFO queue', async () => {
    const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
    await sqs.createQueue('orders.fifo', fifo);
    await send('orders.fifo', 'one', { MessageGroupId: 'g' });
    const before = await send('orders.fifo', 'two', { MessageGroupId: 'g' });

    await restart();
    const again = await send('orders.fifo', 'two', { MessageGroupId: 'g' });
    const after = await send('orders.fifo', 'three', { MessageGroupId: 'g' });

    expect(again.SequenceNumber).toBe(before.SequenceNumber);
    expect((after.SequenceNumber ?? '') > (before.SequenceNumber ?? '')).toBe(true);
    expect(bodiesOf(await sqs.receive(urlOf('orders.fifo')))).toEqual(['one', 'two', 'three']);
  });

  it('has a dead letter where it was moved to', async () => {
    await sqs.createQueue('dead');
    await sqs.createQueue('orders', {
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: sqs.arnOf('dead'), maxReceiveCount: 1 }),
    });
    await send('orders', 'poison');
    await sqs.receive(urlOf('orders'));
    await sqs.receive(urlOf('orders'));

    await restart();

    expect(await sqs.receive(urlOf('orders'))).toEqual([]);
    expect(bodiesOf(await sqs.receive(urlOf('dead')))).toEqual(['poison']);
  });

  it('answers no send that could not be written, and has all of them once it can', async () => {
    await sqs.createQueue('orders');
    const other = new DatabaseSync(join(folder.path, 'state.sqlite'));
    other.exec('BEGIN IMMEDIATE');

    const refusal = await refusalOf(send('orders', 'unanswered'));
    other.close();
    await send('orders', 'answered');
    const reader = new SqliteStorage(folder.path);
    const stored = reader.collection('sqs-messages', (json) => JSON.stringify(json)).load();
    reader.close();

    expect(refusal.name).toBe('InternalFailure');
    expect(refusal.message).toMatch(/changes could not be written to .*: database is locked$/);
    expect(stored.map(({ value }) => value)).toEqual([
      expect.stringContaining('"unanswered"'),
      expect.stringContaining('"answered"'),
    ]);
  });

  it('does not bring back what was purged', async () => {
    await sqs.createQueue('orders');
    await send('orders', 'gone');
    await sqs.client.send(new PurgeQueueCommand({ QueueUrl: urlOf('orders') }));

    await restart();

    expect(await sqs.receive(urlOf('orders'))).toEqual([]);
  });
});
