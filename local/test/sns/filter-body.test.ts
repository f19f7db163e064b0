import { describe, expect, it } from '@jest/globals';
import { compile, withBody } from './filterable.ts';

const accepts = (policy: unknown, body: unknown) =>
  compile(policy, 'MessageBody').accepts(withBody(body));

describe('a filter policy on the message body', () => {
  it.each([
    ['a nested key', { order: { state: ['Placed'] } }, { order: { state: 'Placed' } }, true],
    ['a value where an object is asked for', { order: { state: ['x'] } }, { order: 'x' }, false],
    ['any element of a list', { tags: ['b'] }, { tags: ['a', 'b'] }, true],
    ['objects in nested lists', { a: { b: ['x'] } }, { a: [[{ b: 'y' }], [{ b: 'x' }]] }, true],
    ['a dotted key for a nested one', { 'a.b': ['x'] }, { a: { b: 'x' } }, true],
    ['a nested key for a dotted one', { a: { b: ['x'] } }, { 'a.b': 'x' }, true],
    ['a longer dotted key', { 'a.b': ['x'] }, { 'a.b.c': 'x' }, false],
    ['null', { a: [null] }, { a: null }, true],
    ['a boolean', { a: [false] }, { a: 'false' }, false],
    ['anything-but a number', { a: [{ 'anything-but': [100] }] }, { a: [100, 50] }, true],
    ['anything-but for null', { a: [{ 'anything-but': ['x'] }] }, { a: null }, true],
    ['an existing null', { a: [{ exists: true }] }, { a: null, b: 1 }, false],
    ['an existing empty string', { a: [{ exists: true }] }, { a: '' }, false],
    ['an existing object', { a: [{ exists: true }] }, { a: { b: 1 } }, false],
    ['$or below a key', { a: { $or: [{ b: ['1'] }, { c: ['2'] }] } }, { a: { c: '2' } }, true],
    ['a key named like an object member', { constructor: ['x'] }, { a: 1 }, false],
  ])('judges %s', (_, policy, body, expected) => {
    expect(accepts(policy, body)).toBe(expected);
  });

  it('asks for one element of a list that satisfies all keys', () => {
    const policy = { lines: { product: ['pencil'], quantity: [4] } };
    const apart = [
      { product: 'pencil', quantity: 1 },
      { product: 'eraser', quantity: 4 },
    ];

    expect(accepts(policy, { lines: apart })).toBe(false);
    expect(accepts(policy, { lines: [...apart, { product: 'pencil', quantity: 4 }] })).toBe(true);
  });

  it('takes keys of different lists from any of their elements', () => {
    const policy = { lines: { product: ['pencil'] }, parcels: { carrier: ['post'] } };
    const body = {
      lines: [{ product: 'eraser' }, { product: 'pencil' }],
      parcels: [{ carrier: 'post' }],
    };

    expect(accepts(policy, body)).toBe(true);
  });

  it.each(['plain text', '"text"', '[{"a": "x"}]', 'null', ''])(
    'accepts no body that is not a JSON object: %s',
    (body) => {
      expect(accepts({ a: ['x', { exists: false }] }, body)).toBe(false);
    },
  );

  it('judges large lists quickly', () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => ({
      product: 'pencil',
      quantity: index,
      colour: 'red',
    }));
    const started = performance.now();

    expect(
      accepts({ lines: { product: ['pencil'], quantity: [1_999], colour: ['red'] } }, { lines }),
    ).toBe(true);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
