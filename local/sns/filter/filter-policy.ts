import type { MessageAttribute } from '../../sqs/queue.ts';
import { fieldsOfAttributes, fieldsOfBody, type Fields } from './fields.ts';
import { errorAt, FilterPolicyError } from './filter-policy-error.ts';
import { JsonSyntaxError, readJson, type JsonNode } from './json-source.ts';
import { parsePolicy } from './parse-policy.ts';
import { checkComplexity, checkFlat, checkKeys, checkSize } from './policy-limits.ts';
import { rulesOf, satisfies, type Rule } from './rule.ts';

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
