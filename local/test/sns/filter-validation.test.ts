import { describe, expect, it } from '@jest/globals';
import { PatternError } from '../../patterns/errors.ts';
import type { FilterPolicyScope } from '../../sns/model/filter-policy.ts';
import { compile } from './filterable.ts';

/** The first line of the refusal, or `accepted`. */
function judge(policy: unknown, scope: FilterPolicyScope = 'MessageAttributes'): string {
  try {
    compile(policy, scope);
    return 'accepted';
  } catch (error) {
    if (error instanceof PatternError) return error.message.split('\n')[0] ?? '';
    throw error;
  }
}

const values = (count: number, prefix = 'v'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

const keys = (count: number): Record<string, string[]> =>
  Object.fromEntries(values(count, 'k').map((key) => [key, ['v']]));

const MIXED =
  'Inside anything but list, either all values are number or string, mixed type is not supported';
const NESTED = 'Filter policy scope MessageAttributes does not support nested filter policy';

describe('the validation of filter policies', () => {
  it.each([
    ['{', 'failed to parse JSON.'],
    ['{"a": ["x"],}', 'failed to parse JSON.'],
    ['["a"]', 'Filter is not an object'],
    [{ a: 'x' }, '"a" must be an object or an array'],
    [{ a: [] }, 'Empty arrays are not allowed'],
    [{ a: [['x']] }, 'Match value must be String, number, true, false, or null'],
    [{ a: [{}] }, 'Match expression name not found'],
    [{ a: [{ unknown: 'x' }] }, 'Unrecognized match type unknown'],
    [{ a: [{ prefix: 1 }] }, 'prefix match pattern must be a string'],
    [{ a: [{ suffix: ['x'] }] }, 'suffix match pattern must be a string'],
    [{ a: [{ prefix: 'x', suffix: 'y' }] }, 'Only one key allowed in match expression'],
    [{ a: [{ exists: 'true' }] }, 'exists match pattern must be either true or false.'],
    [{ a: [{ numeric: '>' }] }, 'Value of numeric must be an array.'],
    [{ a: [{ numeric: [] }] }, 'Invalid member in numeric match: ]'],
    [{ a: [{ numeric: ['<>', 1] }] }, 'Unrecognized numeric range operator: <>'],
    [{ a: [{ numeric: ['>', '1'] }] }, 'Value of > must be numeric'],
    [{ a: [{ numeric: ['<', 1, '>', 0] }] }, 'Too many elements in numeric expression'],
    [{ a: [{ numeric: ['>', 1, '>', 2] }] }, 'Bad numeric range operator: >'],
    [{ a: [{ numeric: ['>', 2, '<', 1] }] }, 'Bottom must be less than top'],
    [{ a: [{ numeric: ['>', 0, '<', 1, 2] }] }, 'Too many terms in numeric range expression'],
    [{ a: [{ numeric: ['=', 1e10] }] }, 'Value must be between -1.0E9 and 1.0E9, inclusive'],
    [{ a: [{ 'anything-but': ['x', 1] }] }, MIXED],
    [{ a: [{ 'anything-but': [] }] }, MIXED],
    [
      { a: [{ 'anything-but': [null] }] },
      'Inside anything but list, start|null|boolean is not supported.',
    ],
    [
      { a: [{ 'anything-but': { 'equals-ignore-case': [1] } }] },
      'equals-ignore-case match pattern must be a string',
    ],
    [{ a: [{ 'anything-but': { exists: true } }] }, 'Unsupported anything-but pattern: exists'],
    [{ a: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required"],
    [{ a: [{ cidr: '10.0.0.0/32' }] }, 'IPv4 mask bits must be < 32'],
    [{ a: [{ cidr: '10.0.0.0/x' }] }, 'Malformed CIDR, mask bits must be an integer'],
    [{ a: [{ wildcard: 'a**' }] }, 'Consecutive wildcard characters at pos 2'],
    [
      { a: [{ wildcard: '*a*b*c*' }] },
      'Wildcard pattern can not have more than 3 wildcard characters',
    ],
    [{ $or: [{ a: ['x'] }] }, 'There must have at least 2 Objects in $or relationship.'],
    [{ $or: { a: ['x'] } }, 'It must be an Array followed with $or.'],
    [{ $or: [{ a: ['x'] }, 'b'] }, 'Only JSON object is allowed in array of $or relationship.'],
    [
      { $or: [{ prefix: ['x'] }, { a: ['x'] }] },
      'prefix is Ruler reserved fieldName which cannot be used inside $or.',
    ],
    [{ a: { b: ['x'] } }, NESTED],
    [keys(6), 'Filter policy can not have more than 5 keys'],
    [{ a: values(151) }, 'Filter policy is too complex'],
    [{ a: values(13), b: values(12) }, 'Filter policy is too complex'],
    [{ a: values(11, '*').map((wildcard) => ({ wildcard })) }, 'Filter policy is too complex'],
  ])('refuses %j', (policy, message) => {
    expect(judge(policy)).toBe(message);
  });

  it.each([
    [{}],
    [keys(5)],
    [{ a: values(150) }],
    [{ a: [{ 'anything-but': { prefix: 'x' } }, { numeric: ['>=', -1e9, '<', 1e9] }] }],
    [{ a: [12_345_678_901_234] }],
    [{ a: values(10, '*').map((wildcard) => ({ wildcard })) }],
    [{ a: ['x'], $or: [{ b: ['x'] }, { c: ['x'], $or: [{ d: ['x'] }, { e: ['x'] }] }] }],
  ])('accepts %j', (policy) => {
    expect(judge(policy)).toBe('accepted');
  });

  it('multiplies the values of nested keys by their level', () => {
    const combinations144 = { a: { b: { c: values(8) } }, d: { e: values(3) } };
    const combinations162 = { a: { b: { c: values(9) } }, d: { e: values(3) } };

    expect(judge(combinations144, 'MessageBody')).toBe('accepted');
    expect(judge(combinations162, 'MessageBody')).toBe('Filter policy is too complex');
  });

  it('adds the branches of $or', () => {
    const branch = { b: values(75) };

    expect(judge({ $or: [{ a: values(75) }, branch] })).toBe('accepted');
    expect(judge({ $or: [{ a: values(76) }, branch] })).toBe('Filter policy is too complex');
  });

  it('counts the keys that hold patterns, wherever they are', () => {
    expect(judge({ a: keys(3), b: { c: keys(2) } }, 'MessageBody')).toBe('accepted');
    expect(judge({ a: keys(3), b: keys(3) }, 'MessageBody')).toMatch('more than 5 keys');
  });

  it('refuses an empty object below a key', () => {
    expect(judge({ a: {} }, 'MessageBody')).toBe('Empty objects are not allowed');
  });

  it('refuses a policy of more than 256 KB', () => {
    expect(judge({ a: ['x'.repeat(262_144)] })).toBe('Filter policy can not be larger than 256 KB');
  });

  it('tells the place of a fault', () => {
    expect(() => compile('{"a": [\n {"prefix": 1}]}', 'MessageBody')).toThrow(
      'prefix match pattern must be a string\n at [Source: (String)"{"a": [\n {"prefix": 1}]}"; line: 2, column: 14]',
    );
  });
});
