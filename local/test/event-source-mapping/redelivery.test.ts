import { afterEach, describe, expect, it } from '@jest/globals';
import { EventSource, type Handler, type SqsRecord } from './event-source.ts';

const open: EventSource[] = [];
const start = (handler: Handler): EventSource => {
  const source = new EventSource(handler);
  open.push(source);
  return source;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((source) => source.close()));
});

const countOf = ({ attributes }: SqsRecord): string | undefined =>
  attributes['ApproximateReceiveCount'];
const failing = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});
const inGroup = (body: string) => ({ body, messageGroupId: 'one' });

describe('messages of a batch', () => {
  it('are deleted when the function succeeds', async () => {
    const source = start(() => 'anything');
    const queue = await source.queue();
    await source.map(queue);
    const ids = await source.send(queue, ['a', 'b']);

    const [answer] = await source.answered();

    expect(answer).toMatchObject({ size: 2, failedMessageIds: [] });
    expect(source.deletedIds().toSorted()).toEqual(ids.toSorted());
  });

  it('all come again after the visibility timeout when the function fails', async () => {
    let attempt = 0;
    const source = start(() => {
      if (++attempt === 1) throw new Error('as asked');
    });
    const queue = await source.queue();
    await source.map(queue);
    await source.send(queue, ['a', 'b']);
    await source.answered();

    source.clock.advance(29_000);
    await source.quiet();
    const early = source.batches.length;
    source.clock.advance(1_000);
    await source.answered(2);

    expect(early).toBe(1);
    expect(source.bodies[1]?.toSorted()).toEqual(['a', 'b']);
    expect(source.batches[1]?.map(countOf)).toEqual(['2', '2']);
  });

  it('come again alone when the function reports them', async () => {
    const source = start((records) =>
      failing(
        ...records
          .filter((record) => record.body === 'bad' && countOf(record) === '1')
          .map(({ messageId }) => messageId),
      ),
    );
    const queue = await source.queue();
    await source.map(queue, { functionResponseTypes: ['ReportBatchItemFailures'] });
    await source.send(queue, ['good', 'bad', 'fine']);
    await source.answered();
    const deletedFirst = source.deletedIds().length;

    source.clock.advance(30_000);
    await source.answered(2);

    expect(deletedFirst).toBe(2);
    expect(source.bodies[1]).toEqual(['bad']);
  });

  it('are all deleted when the mapping does not ask for item failures', async () => {
    const source = start((records) => failing(...records.map(({ messageId }) => messageId)));
    const queue = await source.queue();
    await source.map(queue);
    await source.send(queue, ['a', 'b']);

    const [answer] = await source.answered();

    expect(answer?.failedMessageIds).toEqual([]);
  });

  it('go to the dead-letter queue after the last receive', async () => {
    const source = start(() => {
      throw new Error('poison');
    });
    const deadLetters = await source.queue('orders-dead');
    const queue = await source.queue('orders', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 2 }),
    });
    await source.map(queue);
    const [messageId] = await source.send(queue, ['poison']);

    await source.answered();
    source.clock.advance(30_000);
    await source.answered(2);
    source.clock.advance(30_000);
    const dead = await source.context.activity.waitFor('message-dead-lettered');

    expect(dead).toMatchObject({ messageId, deadLetterQueue: 'orders-dead' });
    expect(source.batches).toHaveLength(2);
  });

  it('of a FIFO group come again in order, and nothing of the group before them', async () => {
    const source = start((records) =>
      failing(
        ...records
          .filter((record) => Number(record.body) >= 2 && countOf(record) === '1')
          .map(({ messageId }) => messageId),
      ),
    );
    const queue = await source.queue('orders.fifo', { ContentBasedDeduplication: 'true' });
    await source.map(queue, { functionResponseTypes: ['ReportBatchItemFailures'] });
    await source.send(queue, ['1', '2', '3'].map(inGroup));
    await source.answered();
    await source.send(queue, [inGroup('4')]);
    await source.quiet();
    const whileBlocked = source.batches.length;

    source.clock.advance(30_000);
    await source.answered(2);

    expect(whileBlocked).toBe(1);
    expect(source.bodies[1]).toEqual(['2', '3', '4']);
  });
});
