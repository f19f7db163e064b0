import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CLIENT, makeSns, settled, subscribeQueue } from './running-sns.ts';

const RAW = { RawMessageDelivery: 'true' };

async function makeFifo(attributes: Record<string, string> = {}) {
  const sns = makeSns();
  const { arn: topicArn } = await sns.service.ensureTopic('Events.fifo', {
    FifoTopic: 'true',
    ...attributes,
  });
  const publish = (message: string, messageGroupId: string, messageDeduplicationId?: string) =>
    sns.service.publish(
      {
        topicArn,
        message,
        messageGroupId,
        ...(messageDeduplicationId === undefined ? {} : { messageDeduplicationId }),
      },
      CLIENT,
    );
  return { sns, topicArn, publish };
}

describe('a FIFO topic', () => {
  it('hands group and deduplication id to FIFO queues, and neither to standard ones', async () => {
    const { sns, topicArn, publish } = await makeFifo();
    const fifo = await subscribeQueue(sns, topicArn, 'ordered.fifo', RAW);
    const standard = await subscribeQueue(sns, topicArn, 'standard', RAW);

    await publish('text', 'ORD-1', 'ORD-1:Placed');

    const ids = { messageGroupId: 'ORD-1', messageDeduplicationId: 'ORD-1:Placed' };
    expect(fifo.sent).toEqual([{ body: 'text', ...ids }]);
    expect(standard.sent).toEqual([{ body: 'text' }]);
  });

  it('takes the hash of the message for the id when deduplication is content based', async () => {
    const { sns, topicArn, publish } = await makeFifo({ ContentBasedDeduplication: 'true' });
    const queue = await subscribeQueue(sns, topicArn, 'ordered.fifo', RAW);

    await publish('Test', 'g');
    await publish('Test', 'g');

    const messageDeduplicationId = createHash('sha256').update('Test').digest('hex');
    expect(queue.sent).toEqual([{ body: 'Test', messageGroupId: 'g', messageDeduplicationId }]);
  });

  it('sends notifications with a sequence number and no signature', async () => {
    const { sns, topicArn, publish } = await makeFifo();
    const queue = await subscribeQueue(sns, topicArn, 'ordered.fifo');

    const { sequenceNumber } = await publish('text', 'g', 'd');

    const notification: Record<string, unknown> = JSON.parse(queue.bodies[0] ?? '');
    expect(Object.keys(notification)).toEqual([
      'Type',
      'MessageId',
      'SequenceNumber',
      'TopicArn',
      'Message',
      'Timestamp',
      'UnsubscribeURL',
    ]);
    expect(notification['SequenceNumber']).toBe(sequenceNumber);
    expect(sequenceNumber).toMatch(/^\d{20}$/);
  });

  it('takes a repeated id again after five minutes, whatever the wall clock is set to', async () => {
    const { sns, topicArn, publish } = await makeFifo();
    const queue = await subscribeQueue(sns, topicArn, 'ordered.fifo', RAW);
    await publish('one', 'a', 'same');

    sns.clock.setBack(60 * 60_000);
    sns.clock.advance(5 * 60_000);
    await publish('two', 'a', 'same');

    expect(queue.bodies).toEqual(['one', 'two']);
  });

  it('delivers a repeated id once within five minutes, and answers as it did at first', async () => {
    const { sns, topicArn, publish } = await makeFifo();
    const queue = await subscribeQueue(sns, topicArn, 'ordered.fifo', RAW);

    const first = await publish('one', 'a', 'same');
    const second = await publish('two', 'b', 'same');
    sns.clock.advance(5 * 60_000);
    const third = await publish('three', 'a', 'same');

    expect(second).toEqual(first);
    expect(third.messageId).not.toBe(first.messageId);
    expect(queue.bodies).toEqual(['one', 'three']);
    const published = sns.activity.since().filter(({ type }) => type === 'message-published');
    expect(published.map((each) => 'duplicate' in each && each.duplicate)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('recognises repetition within a group only, if its throughput is by group', async () => {
    const { sns, topicArn, publish } = await makeFifo({ FifoThroughputScope: 'MessageGroup' });
    const queue = await subscribeQueue(sns, topicArn, 'ordered.fifo', RAW);

    await publish('one', 'a', 'same');
    await publish('two', 'b', 'same');
    await publish('three', 'b', 'same');

    expect(queue.bodies).toEqual(['one', 'two']);
  });

  it('numbers messages in the order of publishing', async () => {
    const { publish } = await makeFifo();
    const ids = Array.from({ length: 20 }, (_, index) => `d${index}`);

    const results = await Promise.all(ids.map((id) => publish('x', 'g', id)));

    const numbers = results.map(({ sequenceNumber }) => sequenceNumber ?? '');
    expect(numbers).toEqual(numbers.toSorted());
    expect(new Set(numbers).size).toBe(20);
  });

  it('keeps the order of a group while one of its messages waits for a retry', async () => {
    const { sns, topicArn, publish } = await makeFifo();
    const queue = await subscribeQueue(sns, topicArn, 'ordered.fifo', RAW);
    queue.failures = [new Error('unreachable')];

    await publish('a1', 'a', '1');
    await publish('a2', 'a', '2');
    await publish('b1', 'b', '3');
    const before = [...queue.bodies];
    sns.clock.advance(0);
    await settled();
    await publish('a3', 'a', '4');

    expect(before).toEqual(['b1']);
    expect(queue.bodies).toEqual(['b1', 'a1', 'a2', 'a3']);
  });

  it('sends what can not be delivered to a FIFO dead-letter queue with its ids', async () => {
    const { sns, topicArn, publish } = await makeFifo();
    const deadLetters = sns.queues.add('dead.fifo');
    const queue = await subscribeQueue(sns, topicArn, 'ordered.fifo', {
      ...RAW,
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn }),
    });
    sns.queues.remove(queue);

    await publish('text', 'g', 'd');

    const ids = { messageGroupId: 'g', messageDeduplicationId: 'd' };
    expect(deadLetters.sent).toEqual([{ body: 'text', ...ids }]);
  });
});
