import type { Scalar } from './comparisons.ts';
import type { Field, Fields } from './fields.ts';

/** One element of a policy's list of patterns. */
export type Pattern = ValuePattern | ExistencePattern;

/** Compares the value of a key that is present. */
export interface ValuePattern {
  kind: 'value';
  matches: (value: Scalar) => boolean;
  /** The points of each wildcard pattern in it, towards the wildcard complexity of its key. */
  wildcards: readonly number[];
}

/** Asks whether a key is there at all. */
export interface ExistencePattern {
  kind: 'existence';
  present: boolean;
}

/** All patterns of one key (any of them suffices); `path` joins the names of nested keys by dots. */
export interface Condition {
  path: string;
  /** How many keys deep it lies: 1 for a key at the top. */
  depth: number;
  patterns: Pattern[];
}

/** One object of a policy: every condition and one branch of every `$or` must hold. */
export interface Conjunction {
  conditions: Condition[];
  alternatives: Conjunction[][];
}

/** Conditions that must all hold: one way through every `$or` of a policy. */
export type Rule = readonly Condition[];

/** A policy without `$or`: it is satisfied when one of the rules is. */
export function rulesOf({ conditions, alternatives }: Conjunction): Rule[] {
  let rules: Rule[] = [conditions];
  for (const branches of alternatives) {
    const ofBranches = branches.flatMap(rulesOf);
    rules = rules.flatMap((rule) => ofBranches.map((branch) => [...rule, ...branch]));
  }
  return rules;
}

/**
 * True when every condition finds a value, all of them within the same elements of the arrays
 * that they share: `{"lines": {"product": ["pencil"], "quantity": [4]}}` asks for one line with
 * both.
 */
export function satisfies(fields: Fields, rule: Rule): boolean {
  const candidates: (readonly Field[])[] = [];
  for (const { path, patterns } of rule) {
    const present = fields.byPath.get(path);
    if (!present) {
      if (fields.unreadable.has(path) || !patterns.some(acceptsAbsence)) return false;
      continue;
    }
    const matching = present.filter((field) => patterns.some((each) => accepts(each, field)));
    if (matching.length === 0) return false;
    // A value outside of arrays is consistent with every other.
    if (!matching.some(({ elements }) => elements.length === 0)) candidates.push(matching);
  }
  candidates.sort((left, right) => left.length - right.length);
  return consistent(candidates, 0, new Map());
}

const acceptsAbsence = (pattern: Pattern): boolean =>
  pattern.kind === 'existence' && !pattern.present;

/** A key counts as existing when it holds anything but null and the empty string. */
function accepts(pattern: Pattern, { value }: Field): boolean {
  if (pattern.kind === 'value') return pattern.matches(value);
  return pattern.present && value !== null && value !== '';
}

function consistent(
  candidates: (readonly Field[])[],
  position: number,
  chosen: ReadonlyMap<number, number>,
): boolean {
  const fields = candidates[position];
  if (!fields) return true;
  return fields.some(({ elements }) => {
    const agrees = elements.every(([array, index]) => (chosen.get(array) ?? index) === index);
    if (!agrees) return false;
    return consistent(candidates, position + 1, new Map([...chosen, ...elements]));
  });
}
