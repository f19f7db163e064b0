import type { Scalar } from './scalar.ts';

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
