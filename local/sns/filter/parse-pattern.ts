import { addressRange } from './address-range.ts';
import { errorAt, placed } from './filter-policy-error.ts';
import type { JsonNode } from './json-source.ts';
import { parseAnythingBut } from './parse-anything-but.ts';
import { parseNumeric } from './parse-numeric.ts';
import type { Pattern, ValuePattern } from './pattern.ts';
import { sameScalar, type Scalar } from './scalar.ts';
import { matchesWildcard, parseWildcard } from './wildcard.ts';

/**
 * Reads one element of a list of patterns: a value to equal, or an object with one operator.
 *
 * @throws FilterPolicyError
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

/** @throws FilterPolicyError */
export function stringOperand(operand: JsonNode, operator: string, source: string): string {
  if (operand.kind === 'string') return operand.value;
  throw errorAt(source, `${operator} match pattern must be a string`, operand.at);
}
