import {
  addressRange,
  matchesWildcard,
  parseWildcard,
  sameScalar,
  type Scalar,
} from './comparisons.ts';
import { errorAt, placed } from './errors.ts';
import type { JsonNode } from './json-source.ts';
import { inRange, parseNumeric } from './parse-numeric.ts';
import type { Pattern, ValuePattern } from './rule.ts';

/**
 * Reads one element of a list of patterns: a value to equal, or an object with one operator.
 *
 * @throws PatternError
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function parsePattern(node: JsonNode, source: string): Pattern {
  if (node.kind === 'array') {
    throw errorAt(source, 'Match value must be String, number, true, false, or null', node.at);
  }
  if (node.kind !== 'object') {
    const wanted = node.value;
    return valuePattern((value) => sameScalar(wanted, value));
  }
  const [member, extra] = node.members;
  if (!member) throw errorAt(source, 'Match expression name not found', node.end);
  const pattern = parseOperator(member.name, member.value, source);
  if (extra) throw errorAt(source, 'Only one key allowed in match expression', extra.value.at);
  return pattern;
}

function parseOperator(operator: string, operand: JsonNode, source: string): Pattern {
  switch (operator) {
    case 'prefix': {
      const text = stringOperand(operand, operator, source);
      return valuePattern((value) => typeof value === 'string' && value.startsWith(text));
    }
    case 'suffix': {
      const text = stringOperand(operand, operator, source);
      return valuePattern((value) => typeof value === 'string' && value.endsWith(text));
    }
    case 'equals-ignore-case': {
      const text = stringOperand(operand, operator, source).toLowerCase();
      return valuePattern((value) => typeof value === 'string' && value.toLowerCase() === text);
    }
    case 'wildcard': {
      const text = stringOperand(operand, operator, source);
      const wildcard = placed(() => parseWildcard(text), source, operand.end);
      const matches = (value: Scalar): boolean =>
        typeof value === 'string' && matchesWildcard(wildcard, value);
      return { kind: 'value', matches, wildcards: [wildcard.points] };
    }
    case 'cidr': {
      // The wording of the refusal is SNS's own.
      const includes = addressRange(stringOperand(operand, 'prefix', source));
      return valuePattern((value) => typeof value === 'string' && includes(value));
    }
    case 'numeric':
      return valuePattern(parseNumeric(operand, source));
    case 'anything-but':
      return parseAnythingBut(operand, source);
    case 'exists':
      if (operand.kind !== 'literal' || operand.value === null) {
        const message = 'exists match pattern must be either true or false.';
        throw errorAt(source, message, operand.at);
      }
      return { kind: 'existence', present: operand.value };
    default:
      throw errorAt(source, `Unrecognized match type ${operator}`, operand.at);
  }
}

const valuePattern = (matches: ValuePattern['matches']): ValuePattern => ({
  kind: 'value',
  matches,
  wildcards: [],
});

/** @throws PatternError */
export function stringOperand(operand: JsonNode, operator: string, source: string): string {
  if (operand.kind === 'string') return operand.value;
  throw errorAt(source, `${operator} match pattern must be a string`, operand.at);
}

const MIXED =
  'Inside anything but list, either all values are number or string, mixed type is not supported';

/**
 * Reads the operand of `anything-but`: a value, a list of strings or of numbers, or an object with
 * `prefix`, `suffix`, `wildcard` or `equals-ignore-case` and one text or a list of them. It matches
 * every present value that the operand does not.
 *
 * @throws PatternError
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

const EXCLUDABLE = ['prefix', 'suffix', 'wildcard', 'equals-ignore-case'] as const;
type ExcludableOperator = (typeof EXCLUDABLE)[number];

const isExcludable = (operator: string): operator is ExcludableOperator =>
  EXCLUDABLE.some((each) => each === operator);

function parseExcludedText(object: JsonNode & { kind: 'object' }, source: string): ValuePattern {
  const [member, extra] = object.members;
  if (!member) throw errorAt(source, 'Anything-But expression name not found', object.end);
  const { name: operator, value: operand } = member;
  if (!isExcludable(operator)) {
    throw errorAt(source, `Unsupported anything-but pattern: ${operator}`, operand.at);
  }
  const items = operand.kind === 'array' ? operand.items : [operand];
  const tests = items.map((item) => {
    if (item.kind !== 'string') {
      const kind = operator === 'prefix' || operator === 'suffix' ? 'prefix/suffix' : operator;
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
  operator: ExcludableOperator,
  { value: text, end }: JsonNode & { kind: 'string' },
  source: string,
): { matches: (value: string) => boolean; points?: number } {
  if (operator === 'wildcard') {
    const wildcard = placed(() => parseWildcard(text), source, end);
    return { matches: (value) => matchesWildcard(wildcard, value), points: wildcard.points };
  }
  if (operator === 'equals-ignore-case') {
    const lower = text.toLowerCase();
    return { matches: (value) => value.toLowerCase() === lower };
  }
  if (text === '') throw errorAt(source, 'Null prefix/suffix not allowed', end);
  return operator === 'prefix'
    ? { matches: (value) => value.startsWith(text) }
    : { matches: (value) => value.endsWith(text) };
}
