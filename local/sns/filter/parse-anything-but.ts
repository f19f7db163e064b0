import { errorAt, placed } from './filter-policy-error.ts';
import type { JsonNode } from './json-source.ts';
import { inRange } from './parse-numeric.ts';
import type { ValuePattern } from './pattern.ts';
import { sameScalar, type Scalar } from './scalar.ts';
import { matchesWildcard, parseWildcard } from './wildcard.ts';

const MIXED =
  'Inside anything but list, either all values are number or string, mixed type is not supported';

/**
 * Reads the operand of `anything-but`: a value, a list of strings or of numbers, or an object with
 * `prefix`, `suffix` or `wildcard`. It matches every present value that the operand does not.
 *
 * @throws FilterPolicyError
 * @see https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
 */
export function parseAnythingBut(operand: JsonNode, source: string): ValuePattern {
  if (operand.kind === 'object') return parseExcludedText(operand, source);
  if (operand.kind === 'literal') {
    const message = 'Value of anything-but must be an array or single string/number value.';
    throw errorAt(source, message, operand.at);
  }
  const items = operand.kind === 'array' ? operand.items : [operand];
  const excluded = items.map((item): Scalar => {
    if (item.kind === 'string') return item.value;
    if (item.kind === 'number') {
      inRange(item, source);
      return item.value;
    }
    const message = 'Inside anything but list, start|null|boolean is not supported.';
    throw errorAt(source, message, item.at);
  });
  const types = new Set(excluded.map((value) => typeof value));
  if (types.size !== 1) throw errorAt(source, MIXED, operand.end);
  return {
    kind: 'value',
    matches: (value) => !excluded.some((each) => sameScalar(each, value)),
    wildcards: [],
  };
}

function parseExcludedText(object: JsonNode & { kind: 'object' }, source: string): ValuePattern {
  const [member, extra] = object.members;
  if (!member) throw errorAt(source, 'Anything-But expression name not found', object.end);
  const { name: operator, value: operand } = member;
  if (operator !== 'prefix' && operator !== 'suffix' && operator !== 'wildcard') {
    throw errorAt(source, `Unsupported anything-but pattern: ${operator}`, operand.at);
  }
  const items = operand.kind === 'array' ? operand.items : [operand];
  const tests = items.map((item) => {
    if (item.kind !== 'string') {
      const kind = operator === 'wildcard' ? 'wildcard' : 'prefix/suffix';
      throw errorAt(source, `${kind} match pattern must be a string`, item.at);
    }
    return excludedText(operator, item, source);
  });
  if (tests.length === 0) throw errorAt(source, 'Empty arrays are not allowed', operand.end);
  if (extra) throw errorAt(source, 'Too many elements in numeric expression', extra.value.at);
  return {
    kind: 'value',
    matches: (value) => typeof value !== 'string' || !tests.some(({ matches }) => matches(value)),
    wildcards: tests.flatMap(({ points }) => (points === undefined ? [] : [points])),
  };
}

function excludedText(
  operator: 'prefix' | 'suffix' | 'wildcard',
  { value: text, end }: JsonNode & { kind: 'string' },
  source: string,
): { matches: (value: string) => boolean; points?: number } {
  if (operator === 'wildcard') {
    const wildcard = placed(() => parseWildcard(text), source, end);
    return { matches: (value) => matchesWildcard(wildcard, value), points: wildcard.points };
  }
  if (text === '') throw errorAt(source, 'Null prefix/suffix not allowed', end);
  return operator === 'prefix'
    ? { matches: (value) => value.startsWith(text) }
    : { matches: (value) => value.endsWith(text) };
}
