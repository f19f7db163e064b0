import { afterEach, describe, expect, it } from '@jest/globals';
import { EventSource } from './event-source.ts';

const open: EventSource[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((source) => source.close()));
});

async function mapped(handler?: ConstructorParameters<typeof EventSource>[0]) {
  const source = new EventSource(handler);
  open.push(source);
  const queue = await source.queue();
  const { uuid } = await source.map(queue);
  return { source, queue, uuid };
}

describe('a mapping whose queue is deleted', () => {
  it('reads the queue that is created under the same name', async () => {
    const { source } = await mapped();
    await source.quiet();

    await source.deleteQueue('orders');
    await source.quiet();
    source.clock.advance(60_000);
    const again = await source.queue();
    await source.send(again, ['new']);
    source.clock.advance(1_000);
    await source.answered();

    expect(source.bodies).toEqual([['new']]);
    expect(source.deletedIds()).toHaveLength(1);
    expect(source.errors).toEqual([]);
  });

  it('names the queue that is missing until it is there again', async () => {
    const { source, queue } = await mapped();
    await source.quiet();

    await source.deleteQueue('orders');
    await source.quiet();
    const problems = source.mappings.problems();
    await source.queue();
    source.clock.advance(60_000);
    await source.quiet();

    expect(problems).toEqual([
      `The event source mapping of consumer can't read ${queue.arn}: the queue does not exist`,
    ]);
    expect(source.mappings.problems()).toEqual([]);
  });
});

describe('a mapping that stops by an error', () => {
  it('says so, and reads on when it is resumed', async () => {
    const { source, queue, uuid } = await mapped();
    await source.mappings.pause(uuid);
    const receive = queue.receive.bind(queue);
    Object.assign(queue, { receive: () => Promise.reject(new Error('disk full')) });

    source.mappings.resume(uuid);
    await source.quiet();
    const problems = source.mappings.problems();
    const state = source.mappings.descriptions()[0]?.State;
    Object.assign(queue, { receive });
    source.mappings.resume(uuid);
    await source.send(queue, ['a']);
    await source.answered();

    expect(problems).toEqual(['The event source mapping of consumer has stopped: disk full']);
    expect(state).toBe('Disabled');
    expect(source.mappings.problems()).toEqual([]);
  });
});
