import { afterEach, describe, expect, it } from '@jest/globals';
import { ThrottledError } from '../../lambda/errors.ts';
import { EventSource } from './event-source.ts';

const open: EventSource[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((source) => source.close()));
});

const visibleNow = async (source: EventSource): Promise<string[]> => {
  const queue = source.sqs.queueByName('orders');
  const messages = await queue?.receive({ maxMessages: 10, waitSeconds: 0, by: 'test' });
  return (messages ?? []).map(({ body }) => body);
};

describe('a mapping that pauses', () => {
  it('leaves messages in the queue until it resumes', async () => {
    const source = new EventSource();
    open.push(source);
    const queue = await source.queue();
    const { uuid } = await source.map(queue);
    await source.mappings.pause(uuid);

    await source.send(queue, ['a']);
    await source.quiet();
    const whilePaused = source.batches.length;
    source.mappings.resume(uuid);
    await source.answered();

    expect(whilePaused).toBe(0);
    expect(source.bodies).toEqual([['a']]);
  });

  it('receives nothing while it is not enabled', async () => {
    const source = new EventSource();
    open.push(source);
    const queue = await source.queue();
    await source.map(queue, { enabled: false });
    await source.send(queue, ['a']);
    await source.quiet();

    expect(await visibleNow(source)).toEqual(['a']);
  });

  it('gives back at once what it collected for a batch', async () => {
    const source = new EventSource();
    open.push(source);
    const queue = await source.queue();
    const { uuid } = await source.map(queue, {
      batchSize: 100,
      maximumBatchingWindowInSeconds: 60,
    });
    await source.send(queue, ['a', 'b']);
    await source.quiet();

    await source.mappings.pause(uuid);

    expect((await visibleNow(source)).toSorted()).toEqual(['a', 'b']);
    expect(source.batches).toEqual([]);
  });

  it('gives back at once what waits for an environment', async () => {
    const source = new EventSource(
      (_records, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new ThrottledError('stopped')));
        }),
    );
    open.push(source);
    const queue = await source.queue();
    await source.map(queue);
    await source.send(queue, ['a']);
    await source.quiet();

    await source.mappings.close();

    expect(await visibleNow(source)).toEqual(['a']);
  });

  it('waits for the handler that runs, and deletes what it handled', async () => {
    const running = Promise.withResolvers<void>();
    const source = new EventSource(() => running.promise);
    open.push(source);
    const queue = await source.queue();
    const { uuid } = await source.map(queue);
    const ids = await source.send(queue, ['a']);
    await source.quiet();

    const paused = source.mappings.pause(uuid);
    const deletedBefore = source.deletedIds();
    running.resolve();
    await paused;

    expect(deletedBefore).toEqual([]);
    expect(source.deletedIds()).toEqual(ids);
  });

  it('does not wait for ever', async () => {
    const source = new EventSource(() => new Promise<void>(() => {}), { patienceMs: 5 });
    open.push(source);
    const queue = await source.queue();
    const { uuid } = await source.map(queue);
    await source.send(queue, ['a']);
    await source.quiet();

    await source.mappings.pause(uuid);

    expect(source.deletedIds()).toEqual([]);
  });
});
