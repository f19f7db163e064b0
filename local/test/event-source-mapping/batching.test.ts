import { afterEach, describe, expect, it } from '@jest/globals';
import { EventSource } from './event-source.ts';

const open: EventSource[] = [];
const start = (): EventSource => {
  const source = new EventSource();
  open.push(source);
  return source;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((source) => source.close()));
});

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${index}`);

describe('a batch without a window', () => {
  it('is what one receive finds, up to the batch size', async () => {
    const source = start();
    const queue = await source.queue();
    await source.send(queue, numbered(25));
    await source.map(queue);

    await source.answered(3);

    expect(source.batches.map((batch) => batch.length)).toEqual([10, 10, 5]);
    expect(source.bodies.flat().toSorted()).toEqual(numbered(25).toSorted());
  });

  it('is handed on at once, however small', async () => {
    const source = start();
    const queue = await source.queue();
    await source.map(queue);
    await source.send(queue, ['alone']);

    await source.answered();

    expect(source.bodies).toEqual([['alone']]);
  });

  it('has at most the configured size', async () => {
    const source = start();
    const queue = await source.queue();
    await source.send(queue, numbered(6));
    await source.map(queue, { batchSize: 2 });

    await source.answered(3);

    expect(source.batches.map((batch) => batch.length)).toEqual([2, 2, 2]);
  });
});

describe('a batch with a window', () => {
  it('is handed on when it is full, before the window ends', async () => {
    const source = start();
    const queue = await source.queue();
    await source.map(queue, { batchSize: 100, maximumBatchingWindowInSeconds: 300 });
    await source.send(queue, numbered(100));

    await source.answered();

    expect(source.batches.map((batch) => batch.length)).toEqual([100]);
  });

  it('is handed on when the window ends, whatever the wall clock is set to', async () => {
    // Prepare
    const source = start();
    const queue = await source.queue();
    await source.map(queue, { batchSize: 100, maximumBatchingWindowInSeconds: 5 });
    await source.send(queue, ['first']);
    await source.quiet();

    // Act
    source.clock.setBack(60 * 60_000);
    source.clock.advance(4_000);
    await source.send(queue, ['second']);
    await source.quiet();
    source.clock.advance(1_000);
    await source.quiet();

    // Assess
    expect(source.bodies).toEqual([['first', 'second']]);
  });

  it('is handed on when the window ends, counted from its first message', async () => {
    const source = start();
    const queue = await source.queue();
    await source.map(queue, { batchSize: 100, maximumBatchingWindowInSeconds: 5 });

    await source.send(queue, ['first']);
    await source.quiet();
    source.clock.advance(4_000);
    await source.send(queue, ['second']);
    await source.quiet();
    const before = source.batches.length;
    source.clock.advance(1_000);
    await source.answered();

    expect(before).toBe(0);
    expect(source.bodies).toEqual([['first', 'second']]);
  });

  it('is handed on when the event would be larger than Lambda takes', async () => {
    const source = start();
    const queue = await source.queue('orders', { MaximumMessageSize: '1048576' });
    await source.map(queue, { batchSize: 20, maximumBatchingWindowInSeconds: 300 });

    await source.send(
      queue,
      Array.from({ length: 7 }, () => 'x'.repeat(1_000_000)),
    );
    await source.answered(2);

    expect(source.batches.map((batch) => batch.length)).toEqual([6, 1]);
  });
});
