import { describe, expect, it } from '@jest/globals';
import { compile, withAttributes } from './filterable.ts';

const accepts = (policy: unknown, attributes: Record<string, string | number | unknown[]>) =>
  compile(policy, 'MessageAttributes').accepts(withAttributes(attributes));

describe('a filter policy on message attributes', () => {
  it.each([
    ['a listed string', { state: ['Placed', 'Shipped'] }, { state: 'Shipped' }, true],
    ['an unlisted string', { state: ['Placed'] }, { state: 'Shipped' }, false],
    ['another case', { state: ['Placed'] }, { state: 'placed' }, false],
    [
      'equals-ignore-case',
      { state: [{ 'equals-ignore-case': 'pLaced' }] },
      { state: 'Placed' },
      true,
    ],
    ['a prefix', { id: [{ prefix: 'ORD-' }] }, { id: 'ORD-1' }, true],
    ['a suffix', { id: [{ suffix: '.pdf' }] }, { id: 'a.txt' }, false],
    ['a wildcard across text', { id: [{ wildcard: 'ORD-*-*Z' }] }, { id: 'ORD-1-2Z' }, true],
    ['a wildcard that overlaps itself', { id: [{ wildcard: 'ab*ba' }] }, { id: 'aba' }, false],
    ['an escaped asterisk', { id: [{ wildcard: 'a\\*' }] }, { id: 'ab' }, false],
    ['anything-but a list', { state: [{ 'anything-but': ['A', 'B'] }] }, { state: 'C' }, true],
    ['anything-but, absent', { state: [{ 'anything-but': 'A' }] }, { other: 'C' }, false],
    [
      'anything-but wildcards',
      { s: [{ 'anything-but': { wildcard: ['*a', 'b*'] } }] },
      { s: 'bx' },
      false,
    ],
    ['anything-but prefixes', { s: [{ 'anything-but': { prefix: 'x' } }] }, { s: 'yx' }, true],
    ['a number in another notation', { n: [301.5] }, { n: 3.015e2 }, true],
    ['a number for text', { n: [300] }, { n: '300' }, false],
    ['text for a number', { n: ['300'] }, { n: 300 }, false],
    ['a range', { n: [{ numeric: ['>', 0, '<=', 150] }] }, { n: 150 }, true],
    ['outside a range', { n: [{ numeric: ['>', 0, '<=', 150] }] }, { n: 0 }, false],
    ['a number beyond 10⁹', { n: [{ numeric: ['>', 0] }] }, { n: 2e9 }, false],
    ['a difference past the fifth digit', { n: [{ numeric: ['=', 1] }] }, { n: 1.000001 }, true],
    ['a difference in the fifth digit', { n: [{ numeric: ['=', 1] }] }, { n: 1.00001 }, false],
    ['an element of a list', { s: ['b'] }, { s: ['a', 'b'] }, true],
    ['a boolean in a list', { s: [true] }, { s: [true, 'x'] }, true],
    ['null in a list', { s: [null] }, { s: [null] }, true],
    ['an existing key', { s: [{ exists: true }] }, { s: 'x' }, true],
    ['a key that must not exist', { s: [{ exists: false }] }, { s: 'x' }, false],
    ['an absent key', { s: [{ exists: false }] }, { t: 'x' }, true],
    ['an address in a block', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.0.255' }, true],
    ['no address', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.0.256' }, false],
    ['an IPv6 block', { ip: [{ cidr: '2001:db8::/32' }] }, { ip: '2001:db8::1' }, true],
    ['every key', { a: ['1'], b: ['2'] }, { a: '1', b: 'x' }, false],
    ['one branch of $or', { $or: [{ a: ['1'] }, { b: ['2'] }] }, { b: '2' }, true],
    ['$or beside a key', { c: ['3'], $or: [{ a: ['1'] }, { b: ['2'] }] }, { b: '2' }, false],
  ])('judges %s', (_, policy, attributes, expected) => {
    expect(accepts(policy, attributes)).toBe(expected);
  });

  it('accepts everything when it is empty', () => {
    expect(accepts({}, {})).toBe(true);
  });

  it('accepts no message without attributes, not even for an absent key', () => {
    expect(accepts({ state: [{ exists: false }] }, {})).toBe(false);
  });

  it('compares quotes and backslashes in their escaped form', () => {
    const attributes = { name: 'a "b" \\' };

    expect(accepts({ name: ['a "b" \\'] }, attributes)).toBe(false);
    expect(accepts({ name: ['a \\"b\\" \\\\'] }, attributes)).toBe(true);
  });

  it('ignores binary attributes', () => {
    const policy = compile({ data: [{ exists: true }] }, 'MessageAttributes');
    const attributes = { data: { dataType: 'Binary', binaryValue: 'AQ==' } };

    expect(policy.accepts({ attributes, body: () => undefined })).toBe(false);
  });

  it('finds nothing in a list that is not JSON', () => {
    const policy = compile({ s: ['a', { exists: false }] }, 'MessageAttributes');
    const attributes = { s: { dataType: 'String.Array', stringValue: "['a']" } };

    expect(policy.accepts({ attributes, body: () => undefined })).toBe(false);
  });
});
