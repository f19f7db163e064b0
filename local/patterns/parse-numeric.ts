import { comparable, type Scalar } from './comparisons.ts';
import { errorAt } from './errors.ts';
import type { JsonNode } from './json-source.ts';

type NumberTest = (value: Scalar) => boolean;

interface Bound {
  amount: number;
  inclusive: boolean;
}

/**
 * Reads `["=", 5]`, `[">", 0]` or `[">=", 0, "<", 150]`.
 *
 * @throws PatternError
 * @see https://docs.aws.amazon.com/sns/latest/dg/numeric-value-matching.html
 */
export function parseNumeric(node: JsonNode, source: string): NumberTest {
  if (node.kind !== 'array') throw errorAt(source, 'Value of numeric must be an array.', node.at);
  const [operatorNode, valueNode, ...range] = node.items;
  if (operatorNode?.kind !== 'string') {
    const member = operatorNode ?? { at: node.end };
    throw errorAt(source, `Invalid member in numeric match: ${textOf(operatorNode)}`, member.at);
  }
  const operator = operatorNode.value;
  if (!['=', '<', '<=', '>', '>='].includes(operator)) {
    throw errorAt(source, `Unrecognized numeric range operator: ${operator}`, operatorNode.end);
  }
  const amount = boundOf(valueNode, node, operator === '=' ? 'equals' : operator, source);
  const bound = { amount, inclusive: operator.endsWith('=') };
  if (operator === '>' || operator === '>=') {
    const high = range.length > 0 ? upperBound(range, node, source) : undefined;
    if (high !== undefined && bound.amount >= high.amount) {
      throw errorAt(source, 'Bottom must be less than top', node.end);
    }
    return between(bound, high);
  }
  if (range[0] !== undefined) {
    throw errorAt(source, 'Too many elements in numeric expression', range[0].at);
  }
  return operator === '=' ? between(bound, bound) : between(undefined, bound);
}

function upperBound([operatorNode, valueNode, extra]: JsonNode[], node: JsonNode, source: string) {
  if (operatorNode?.kind !== 'string') {
    const at = operatorNode?.at ?? node.end;
    throw errorAt(source, `Bad value in numeric range: ${textOf(operatorNode)}`, at);
  }
  const operator = operatorNode.value;
  if (operator !== '<' && operator !== '<=') {
    throw errorAt(source, `Bad numeric range operator: ${operator}`, operatorNode.end);
  }
  const amount = boundOf(valueNode, node, operator, source);
  if (extra) throw errorAt(source, 'Too many terms in numeric range expression', extra.at);
  return { amount, inclusive: operator === '<=' };
}

function boundOf(
  valueNode: JsonNode | undefined,
  { end }: JsonNode,
  operator: string,
  source: string,
): number {
  if (valueNode?.kind !== 'number') {
    throw errorAt(source, `Value of ${operator} must be numeric`, valueNode?.at ?? end);
  }
  return inRange(valueNode, source);
}

/** @throws PatternError beyond ±10⁹ */
export function inRange(node: JsonNode & { kind: 'number' }, source: string): number {
  const amount = comparable(node.value);
  if (amount === undefined) {
    throw errorAt(source, 'Value must be between -1.0E9 and 1.0E9, inclusive', node.at);
  }
  return amount;
}

function between(low: Bound | undefined, high: Bound | undefined): NumberTest {
  return (value) => {
    const amount = typeof value === 'number' ? comparable(value) : undefined;
    if (amount === undefined) return false;
    const aboveLow = !low || amount > low.amount || (low.inclusive && amount === low.amount);
    const belowHigh = !high || amount < high.amount || (high.inclusive && amount === high.amount);
    return aboveLow && belowHigh;
  };
}

function textOf(node: JsonNode | undefined): string {
  if (!node) return ']';
  if (node.kind === 'array') return '[';
  return node.kind === 'object' ? '{' : String(node.value);
}
