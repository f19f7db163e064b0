import { PatternError } from '../../patterns/errors.ts';
import { EventPattern } from '../../patterns/event-pattern.ts';
import { isScalar, type Field, type Fields } from '../../patterns/fields.ts';
import { parseJson } from '../../json/parse-json.ts';
import type { JsonNode } from '../../patterns/json-source.ts';
import type { Scalar } from '../../patterns/comparisons.ts';
import type { Condition, Conjunction } from '../../patterns/rule.ts';
import type { MessageAttribute } from '../../sqs/queue.ts';

export type FilterPolicyScope = 'MessageAttributes' | 'MessageBody';

/** The parts of a message that a policy may look at. */
export interface Filterable {
  attributes: Record<string, MessageAttribute>;
  /** The body as parsed JSON; undefined when it is not JSON. */
  body: () => unknown;
}

/**
 * A subscription's filter policy, checked and compiled once.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html
 */
export class FilterPolicy {
  readonly #scope: FilterPolicyScope;
  readonly #pattern: EventPattern;

  /**
   * @param source the policy as JSON text; `{}` accepts every message
   * @throws PatternError when the policy breaks a rule or a limit
   */
  constructor(source: string, scope: FilterPolicyScope) {
    checkSize(source);
    this.#scope = scope;
    this.#pattern = new EventPattern(source, {
      syntax(root) {
        checkKeys(root);
        if (scope === 'MessageAttributes') checkFlat(root);
      },
      complexity: checkComplexity,
    });
  }

  accepts({ attributes, body }: Filterable): boolean {
    if (this.#pattern.matchesEverything) return true;
    if (this.#scope === 'MessageBody') return this.#pattern.matches(body());
    // Not even `exists: false` accepts a message without any attribute.
    if (Object.keys(attributes).length === 0) return false;
    return this.#pattern.matchesFields(fieldsOfAttributes(attributes, this.#pattern));
  }
}

/** In bytes of UTF-8. */
const LARGEST_POLICY = 256 * 1024;
const MOST_KEYS = 5;
const MOST_COMBINATIONS = 150;
const MOST_WILDCARD_POINTS = 100;

const TOO_COMPLEX = 'Filter policy is too complex';

/** @throws PatternError */
function checkSize(source: string): void {
  if (Buffer.byteLength(source) > LARGEST_POLICY) {
    throw new PatternError('Filter policy can not be larger than 256 KB');
  }
}

/**
 * At most five keys; of nested keys only those that hold patterns count.
 *
 * @throws PatternError
 */
function checkKeys(root: JsonNode): void {
  const keys = new Set<string>();
  collectKeys(root, '', keys);
  if (keys.size > MOST_KEYS) {
    throw new PatternError(`Filter policy can not have more than ${MOST_KEYS} keys`);
  }
}

function collectKeys(node: JsonNode, prefix: string, keys: Set<string>): void {
  if (node.kind !== 'object') return;
  for (const { name, value } of node.members) {
    if (name === '$or' && value.kind === 'array') {
      for (const branch of value.items) collectKeys(branch, prefix, keys);
    } else if (value.kind === 'object') {
      collectKeys(value, `${prefix}${name}.`, keys);
    } else {
      keys.add(prefix + name);
    }
  }
}

/**
 * Attribute-based policies have no nested keys.
 *
 * @throws PatternError
 */
function checkFlat(root: JsonNode): void {
  if (root.kind !== 'object') return;
  for (const { name, value } of root.members) {
    if (name === '$or') {
      if (value.kind === 'array') value.items.forEach(checkFlat);
    } else if (value.kind === 'object') {
      throw new PatternError(
        'Filter policy scope MessageAttributes does not support nested filter policy',
      );
    }
  }
}

/**
 * Refuses a policy with more than 150 combinations of values or more than 100 wildcard points.
 *
 * @throws PatternError
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
function checkComplexity(policy: Conjunction): void {
  if (combinations(policy) > MOST_COMBINATIONS) throw new PatternError(TOO_COMPLEX);
  if (wildcardPoints(policy) > MOST_WILDCARD_POINTS) throw new PatternError(TOO_COMPLEX);
}

/**
 * The number of patterns of each key times its nesting level, multiplied over keys that must all
 * match and added over the branches of an `$or`.
 */
function combinations({ conditions, alternatives }: Conjunction): number {
  const ofConditions = conditions.map(({ patterns, depth }) => patterns.length * depth);
  const ofAlternatives = alternatives.map((branches) => sum(branches.map(combinations)));
  return [...ofConditions, ...ofAlternatives].reduce((product, each) => product * each, 1);
}

/**
 * A pattern with one wildcard has a point, one with more has three for each. A key has the sum of
 * its patterns' points times their number, a policy the sum of its keys.
 */
function wildcardPoints({ conditions, alternatives }: Conjunction): number {
  return sum([...conditions.map(pointsOfKey), ...alternatives.flat().map(wildcardPoints)]);
}

function pointsOfKey({ patterns }: Condition): number {
  const points = patterns.flatMap((pattern) => (pattern.kind === 'value' ? pattern.wildcards : []));
  return sum(points) * points.length;
}

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);

/**
 * The fields of message attributes: strings, numbers and the elements of a `String.Array`. Binary
 * attributes take no part.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */
function fieldsOfAttributes(
  attributes: Record<string, MessageAttribute>,
  pattern: EventPattern,
): Fields {
  const byPath = new Map<string, Field[]>();
  const unreadable = new Set<string>();
  for (const [name, { dataType, stringValue }] of Object.entries(attributes)) {
    if (!pattern.mentions(name) || stringValue === undefined) continue;
    const values = scalarsOf(dataType, stringValue);
    if (values) byPath.set(name, values.map(withoutElements));
    else unreadable.add(name);
  }
  return { byPath, unreadable };
}

const withoutElements = (value: Scalar): Field => ({ value, elements: [] });

function scalarsOf(dataType: string, text: string): Scalar[] | undefined {
  if (dataType.endsWith('.Array')) return elementsOf(text);
  if (dataType !== 'Number' && !dataType.startsWith('Number.')) return [escaped(text)];
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? undefined : [number];
}

function elementsOf(text: string): Scalar[] | undefined {
  const parsed = parseJson(text);
  const items: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  const scalars = items.filter(isScalar);
  if (parsed === undefined) return undefined;
  return scalars.map((value) => (typeof value === 'string' ? escaped(value) : value));
}

/**
 * Quotes and backslashes are compared in their JSON form, so that a policy on attributes has to
 * escape them twice.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
const escaped = (text: string): string => text.replaceAll(/["\\]/g, '\\$&');
