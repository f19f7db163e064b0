import { afterEach, describe, expect, it } from '@jest/globals';
import { ThrottledError } from '../../lambda/errors.ts';
import { EventSource } from './event-source.ts';

const open: EventSource[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((source) => source.close()));
});

/** A function whose events stay until the test lets them go. */
function startHeld(options: ConstructorParameters<typeof EventSource>[1] = {}) {
  const release: (() => void)[] = [];
  const source = new EventSource(() => new Promise<void>((resolve) => release.push(resolve)), {
    patienceMs: 1,
    ...options,
  });
  open.push(source);
  return { source, release };
}

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${index}`);

describe('batches at a time', () => {
  it('are five at first and more while a backlog lasts', async () => {
    const { source, release } = startHeld({ concurrency: 1000 });
    const queue = await source.queue();
    await source.send(queue, numbered(30));
    await source.map(queue, { batchSize: 1 });

    await source.quiet();
    const atFirst = release.length;
    await source.clock.advanceThrough(1_000);
    const afterOneSecond = release.length;
    await source.clock.advanceThrough(1_000);
    const afterTwo = release.length;

    expect([atFirst, afterOneSecond, afterTwo]).toEqual([5, 10, 15]);
    release.forEach((go) => go());
  });

  it('are no more than the maximum concurrency', async () => {
    const { source, release } = startHeld({ concurrency: 1000 });
    const queue = await source.queue();
    await source.send(queue, numbered(10));
    await source.map(queue, { batchSize: 1, scalingConfig: { maximumConcurrency: 2 } });
    await source.clock.advanceThrough(5_000);
    const held = release.length;

    release[0]?.();
    await source.quiet();

    expect([held, release.length]).toEqual([2, 3]);
    release.forEach((go) => go());
  });

  it('are no more than the function may have environments', async () => {
    const { source, release } = startHeld({ concurrency: 3 });
    const queue = await source.queue();
    await source.send(queue, numbered(10));
    await source.map(queue, { batchSize: 1 });

    await source.clock.advanceThrough(5_000);

    expect(release).toHaveLength(3);
    release.forEach((go) => go());
  });

  it('hold different groups of a FIFO queue', async () => {
    const { source, release } = startHeld();
    const queue = await source.queue('orders.fifo', { ContentBasedDeduplication: 'true' });
    await source.send(
      queue,
      numbered(6).map((body) => ({ body, messageGroupId: Number(body) % 2 ? 'odd' : 'even' })),
    );
    await source.map(queue, { batchSize: 1 });

    await source.quiet();

    expect(source.bodies).toEqual([['0'], ['1']]);
    release.forEach((go) => go());
    await source.quiet();
    expect(source.bodies.slice(2)).toEqual([['2'], ['3']]);
    release.forEach((go) => go());
  });
});

describe('a throttled batch', () => {
  it('may wait until its messages become visible, and then comes again', async () => {
    let attempt = 0;
    let waitMs: number | undefined;
    const source = new EventSource((_records, invocation) => {
      waitMs ??= invocation.waitForEnvironmentMs;
      if (++attempt === 1) throw new ThrottledError('busy');
    });
    open.push(source);
    const queue = await source.queue();
    await source.map(queue);
    await source.send(queue, ['a']);

    const [first] = await source.answered();
    source.clock.advance(30_000);
    const [, second] = await source.answered(2);

    expect(waitMs).toBe(30_000);
    expect(first?.failedMessageIds).toHaveLength(1);
    expect(second?.failedMessageIds).toHaveLength(0);
  });
});
