import { afterEach, describe, expect, it } from '@jest/globals';
import { EventSource } from './event-source.ts';

const open: EventSource[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((source) => source.close()));
});

/** Sends the bodies through a mapping with the patterns and resolves with those that arrived. */
async function passing(patterns: object[], bodies: string[]): Promise<string[]> {
  const source = new EventSource();
  open.push(source);
  const queue = await source.queue();
  await source.map(queue, {
    filterCriteria: { filters: patterns.map((pattern) => ({ pattern: JSON.stringify(pattern) })) },
  });
  const ids = await source.send(queue, bodies);
  await source.quiet();
  // What the filter dropped is deleted like what the function handled.
  expect(source.deletedIds().toSorted()).toEqual(ids.toSorted());
  return source.bodies.flat();
}

describe('filter criteria', () => {
  it.each([
    [
      'a value',
      { body: { state: ['Placed'] } },
      ['{"state":"Placed"}'],
      ['{"state":"Shipped"}', '{}'],
    ],
    ['a prefix', { body: { id: [{ prefix: 'ORD-' }] } }, ['{"id":"ORD-1"}'], ['{"id":"INV-1"}']],
    [
      'a suffix',
      { body: { file: [{ suffix: '.pdf' }] } },
      ['{"file":"a.pdf"}'],
      ['{"file":"a.txt"}'],
    ],
    [
      'a comparison that ignores case',
      { body: { city: [{ 'equals-ignore-case': 'oslo' }] } },
      ['{"city":"OSLO"}'],
      ['{"city":"Bergen"}'],
    ],
    [
      'anything but',
      { body: { state: [{ 'anything-but': ['Placed'] }] } },
      ['{"state":"Shipped"}'],
      ['{"state":"Placed"}'],
    ],
    [
      'a range of numbers',
      { body: { total: [{ numeric: ['>=', 100, '<', 200] }] } },
      ['{"total":100}'],
      ['{"total":200}', '{"total":"150"}'],
    ],
    ['existence', { body: { reason: [{ exists: true }] } }, ['{"reason":"r"}'], ['{"other":1}']],
    [
      'alternatives',
      { body: { $or: [{ a: [1] }, { b: [2] }] } },
      ['{"a":1,"b":0}', '{"b":2}'],
      ['{"a":2,"b":1}'],
    ],
    ['a plain text', { body: ['ping'] }, ['ping'], ['pong', '{"body":"ping"}']],
  ])('compare %s', async (_what, pattern, accepted, dropped) => {
    const bodies = await passing([pattern], [...accepted, ...dropped]);

    expect(bodies.toSorted()).toEqual(accepted.toSorted());
  });

  it('may compare more keys than a filter policy of a topic', async () => {
    const order = { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 };
    const keys = Object.entries(order).map(([key, value]) => [key, [value]]);
    const bodies = [JSON.stringify(order), JSON.stringify({ ...order, f: 7 })];

    expect(await passing([{ body: Object.fromEntries(keys) }], bodies)).toEqual([bodies[0]]);
  });

  it('drop a body that is not JSON when the pattern wants JSON', async () => {
    const pattern = { body: { state: [{ exists: false }] } };

    expect(await passing([pattern], ['{not json', '{"other":1}'])).toEqual(['{"other":1}']);
  });

  it('are met by any one of the patterns', async () => {
    const patterns = [{ body: { state: ['Placed'] } }, { body: { state: ['Shipped'] } }];

    const bodies = await passing(patterns, ['{"state":"Placed"}', '{"state":"Shipped"}', '{}']);

    expect(bodies).toHaveLength(2);
  });

  it('look at what surrounds the body too', async () => {
    const pattern = { attributes: { ApproximateReceiveCount: ['1'] }, eventSource: ['aws:sqs'] };

    expect(await passing([pattern], ['any'])).toEqual(['any']);
  });
});
