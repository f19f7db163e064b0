import { errorAt, JsonSyntaxError, PatternError } from './errors.ts';
import { fieldsOfBody, type Fields } from './fields.ts';
import { readJson, type JsonNode } from './json-source.ts';
import { parsePolicy } from './parse-policy.ts';
import { rulesOf, satisfies, type Conjunction, type Rule } from './rule.ts';

/** What a service demands of a pattern beyond the language itself. Each check throws PatternError. */
export interface PatternLimits {
  /** Looks at the JSON before the patterns in it are read. */
  syntax?: (root: JsonNode) => void;
  complexity?: (pattern: Conjunction) => void;
}

/**
 * A pattern of the language that SNS filter policies, filter criteria of event source mappings and
 * EventBridge rules share, checked and compiled once.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export class EventPattern {
  readonly #rules: Rule[];
  /** The paths of every compared key, each with its dotted prefixes. */
  readonly #paths = new Set<string>();

  /**
   * @param source JSON text; `{}` matches everything
   * @throws PatternError
   */
  constructor(source: string, limits: PatternLimits = {}) {
    this.#rules = compile(source, limits);
    for (const { path } of this.#rules.flat()) {
      for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
        this.#paths.add(path.slice(0, dot));
      }
      this.#paths.add(path);
    }
  }

  get matchesEverything(): boolean {
    return this.#rules.length === 0;
  }

  /** True when the pattern compares a key of this dotted path, or one below it. */
  mentions(path: string): boolean {
    return this.#paths.has(path);
  }

  /** @param body a parsed JSON value; only objects match a pattern that asks for anything */
  matches(body: unknown): boolean {
    if (this.matchesEverything) return true;
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
    return this.matchesFields(fieldsOfBody(body, this.#paths));
  }

  matchesFields(fields: Fields): boolean {
    return this.matchesEverything || this.#rules.some((rule) => satisfies(fields, rule));
  }
}

function compile(source: string, { syntax, complexity }: PatternLimits): Rule[] {
  const root = parse(source);
  if (root.kind !== 'object') throw errorAt(source, 'Filter is not an object', root.at);
  if (root.members.length === 0) return [];
  syntax?.(root);
  const pattern = parsePolicy(root, source);
  complexity?.(pattern);
  return rulesOf(pattern);
}

function parse(source: string): JsonNode {
  try {
    return readJson(source);
  } catch (error) {
    if (error instanceof JsonSyntaxError) {
      throw new PatternError('failed to parse JSON.', { cause: error });
    }
    throw error;
  }
}
