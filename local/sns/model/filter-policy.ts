import { errorAt, FilterPolicyError } from '../../patterns/errors.ts';
import { type Fields, fieldsOfAttributes, fieldsOfBody } from '../../patterns/fields.ts';
import { type JsonNode, JsonSyntaxError, readJson } from '../../patterns/json-source.ts';
import { parsePolicy } from '../../patterns/parse-policy.ts';
import {
  type Condition,
  type Conjunction,
  type Rule,
  rulesOf,
  satisfies,
} from '../../patterns/rule.ts';
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
  readonly #rules: Rule[];
  readonly #paths = new Set<string>();

  /**
   * @param source the policy as JSON text; `{}` accepts every message
   * @throws FilterPolicyError when the policy breaks a rule or a limit
   */
  constructor(source: string, scope: FilterPolicyScope) {
    this.#scope = scope;
    this.#rules = compile(source, scope);
    for (const { path } of this.#rules.flat()) this.#addPath(path);
  }

  accepts(message: Filterable): boolean {
    if (this.#rules.length === 0) return true;
    const fields = this.#fieldsOf(message);
    return fields !== undefined && this.#rules.some((rule) => satisfies(fields, rule));
  }

  #fieldsOf(message: Filterable): Fields | undefined {
    if (this.#scope === 'MessageAttributes') {
      // Not even `exists: false` accepts a message without any attribute.
      const { attributes } = message;
      if (Object.keys(attributes).length === 0) return undefined;
      return fieldsOfAttributes(attributes, this.#paths);
    }
    const body = message.body();
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
    return fieldsOfBody(body, this.#paths);
  }

  #addPath(path: string): void {
    this.#paths.add(path);
    if (this.#scope === 'MessageAttributes') return;
    for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
      this.#paths.add(path.slice(0, dot));
    }
  }
}

function compile(source: string, scope: FilterPolicyScope): Rule[] {
  checkSize(source);
  const root = parse(source);
  if (root.kind !== 'object') throw errorAt(source, 'Filter is not an object', root.at);
  if (root.members.length === 0) return [];
  checkKeys(root);
  if (scope === 'MessageAttributes') checkFlat(root);
  const policy = parsePolicy(root, source);
  checkComplexity(policy);
  return rulesOf(policy);
}

function parse(source: string): JsonNode {
  try {
    return readJson(source);
  } catch (error) {
    if (error instanceof JsonSyntaxError) {
      throw new FilterPolicyError('failed to parse JSON.', { cause: error });
    }
    throw error;
  }
}

/** In bytes of UTF-8. */
const LARGEST_POLICY = 256 * 1024;
const MOST_KEYS = 5;
const MOST_COMBINATIONS = 150;
const MOST_WILDCARD_POINTS = 100;

const TOO_COMPLEX = 'Filter policy is too complex';

/** @throws FilterPolicyError */
export function checkSize(source: string): void {
  if (Buffer.byteLength(source) > LARGEST_POLICY) {
    throw new FilterPolicyError('Filter policy can not be larger than 256 KB');
  }
}

/**
 * At most five keys; of nested keys only those that hold patterns count.
 *
 * @throws FilterPolicyError
 */
export function checkKeys(root: JsonNode): void {
  const keys = new Set<string>();
  collectKeys(root, '', keys);
  if (keys.size > MOST_KEYS) {
    throw new FilterPolicyError(`Filter policy can not have more than ${MOST_KEYS} keys`);
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
 * @throws FilterPolicyError
 */
export function checkFlat(root: JsonNode): void {
  if (root.kind !== 'object') return;
  for (const { name, value } of root.members) {
    if (name === '$or') {
      if (value.kind === 'array') value.items.forEach(checkFlat);
    } else if (value.kind === 'object') {
      throw new FilterPolicyError(
        'Filter policy scope MessageAttributes does not support nested filter policy',
      );
    }
  }
}

/**
 * Refuses a policy with more than 150 combinations of values or more than 100 wildcard points.
 *
 * @throws FilterPolicyError
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
export function checkComplexity(policy: Conjunction): void {
  if (combinations(policy) > MOST_COMBINATIONS) throw new FilterPolicyError(TOO_COMPLEX);
  if (wildcardPoints(policy) > MOST_WILDCARD_POINTS) throw new FilterPolicyError(TOO_COMPLEX);
}

/**
 * The number of patterns of each key times its nesting level, multiplied over keys that must all
 * match and added over the branches of an `$or`.
 */
export function combinations({ conditions, alternatives }: Conjunction): number {
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
