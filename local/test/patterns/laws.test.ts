import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compile, withAttributes, withBody } from '../sns/filterable.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', '.', '"'), maxLength: 5 });
const number = fc.integer({ min: -1_000, max: 1_000 }).map((value) => value / 4);
const scalar = fc.oneof(word, number, fc.boolean(), fc.constant(null));
const filled = word.filter((text) => text !== '');

const pattern = fc.oneof(
  scalar,
  word.map((prefix) => ({ prefix })),
  word.map((suffix) => ({ suffix })),
  word.map((text) => ({ 'equals-ignore-case': text })),
  word.map((text) => ({ wildcard: `${text}*` })),
  number.map((value) => ({ numeric: ['>=', value] })),
  fc.boolean().map((exists) => ({ exists })),
  fc.array(filled, { minLength: 1, maxLength: 3 }).map((list) => ({ 'anything-but': list })),
  filled.map((prefix) => ({ 'anything-but': { prefix } })),
  filled.map((text) => ({ 'anything-but': { 'equals-ignore-case': [text] } })),
);
const patterns = fc.array(pattern, { minLength: 1, maxLength: 4 });

const body = fc.dictionary(
  fc.constantFrom('key', 'other'),
  fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.array(fc.object(), { maxLength: 2 })),
);

describe('every valid filter policy', () => {
  it('delivers no less when a pattern is added to a list', () => {
    fc.assert(
      fc.property(patterns, pattern, body, (list, added, message) => {
        const before = compile({ key: list }, 'MessageBody').accepts(withBody(message));
        const after = compile({ key: [...list, added] }, 'MessageBody').accepts(withBody(message));
        expect(before && !after).toBe(false);
      }),
    );
  });

  it('delivers no more when a key is added', () => {
    fc.assert(
      fc.property(patterns, patterns, body, (list, more, message) => {
        const before = compile({ key: list }, 'MessageBody').accepts(withBody(message));
        const after = compile({ key: list, other: more }, 'MessageBody').accepts(withBody(message));
        expect(after && !before).toBe(false);
      }),
    );
  });

  it('means the same as a branch of $or and its alternative', () => {
    fc.assert(
      fc.property(patterns, patterns, body, (left, right, message) => {
        const policy = compile({ $or: [{ key: left }, { other: right }] }, 'MessageBody');
        const either =
          compile({ key: left }, 'MessageBody').accepts(withBody(message)) ||
          compile({ other: right }, 'MessageBody').accepts(withBody(message));
        expect(policy.accepts(withBody(message))).toBe(either);
      }),
    );
  });

  it('has anything-but as the complement of equality for a value that is there', () => {
    const list = fc.oneof(
      fc.array(word, { minLength: 1, maxLength: 3 }),
      fc.array(number, { minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(list, scalar, (excluded, value) => {
        const message = withBody({ key: value });
        const equal = compile({ key: excluded }, 'MessageBody').accepts(message);
        const other = compile({ key: [{ 'anything-but': excluded }] }, 'MessageBody');
        expect(other.accepts(message)).toBe(!equal);
      }),
    );
  });

  it('has anything-but of a list of operands as the complement of each operand', () => {
    const operator = fc.constantFrom('prefix', 'suffix', 'wildcard', 'equals-ignore-case');
    const operands = fc.array(filled, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(operator, operands, word, (name, texts, value) => {
        const message = withBody({ key: value });
        const some = compile({ key: texts.map((text) => ({ [name]: text })) }, 'MessageBody');
        const none = compile({ key: [{ 'anything-but': { [name]: texts } }] }, 'MessageBody');
        expect(none.accepts(message)).toBe(!some.accepts(message));
      }),
    );
  });

  it('never fails to judge a message', () => {
    fc.assert(
      fc.property(patterns, fc.anything({ withNullPrototype: true }), word, (list, value, text) => {
        const policies = [
          compile({ key: list }, 'MessageBody'),
          compile({ key: list }, 'MessageAttributes'),
        ];
        const messages = [
          { attributes: {}, body: () => value },
          { attributes: {}, body: () => ({ key: value }) },
          withAttributes({ key: text }),
          {
            attributes: { key: { dataType: 'String.Array', stringValue: text } },
            body: () => null,
          },
        ];
        for (const policy of policies) {
          for (const message of messages) expect(typeof policy.accepts(message)).toBe('boolean');
        }
      }),
    );
  });

  it('matches with a wildcard what the same pattern matches as a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    const glob = fc
      .array(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 }), {
        minLength: 1,
        maxLength: 4,
      })
      .map((segments) => segments.join('*').replaceAll(/\*+/g, '*'));
    fc.assert(
      fc.property(glob, text, (wildcard, value) => {
        const matches = compile({ key: [{ wildcard }] }, 'MessageBody').accepts(
          withBody({ key: value }),
        );
        expect(matches).toBe(new RegExp(`^${wildcard.replaceAll('*', '.*')}$`).test(value));
      }),
    );
  });

  it('refuses or accepts any JSON without another error', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        let name = 'accepted';
        try {
          compile(text, 'MessageBody');
        } catch (error) {
          name = error instanceof Error ? error.name : 'unknown';
        }
        expect(['accepted', 'PatternError']).toContain(name);
      }),
    );
  });
});
