import { errorAt } from './errors.ts';
import type { JsonNode } from './json-source.ts';
import { parsePattern } from './parse-pattern.ts';
import type { Condition, Conjunction } from './rule.ts';

type JsonObject = JsonNode & { kind: 'object' };

/** Names that SNS keeps for operators; no key inside `$or` may have one. */
const RESERVED = new Set(
  (
    'exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= ' +
    'regex not-wildcard not-equals-ignore-case date-after date-on-or-after date-before ' +
    'date-on-or-before in-date-range ip-address-in-range ip-address-not-in-range'
  ).split(' '),
);

/** Where an object stands in the policy. */
interface Place {
  prefix: string;
  depth: number;
  insideOr: boolean;
}

/** @throws PatternError */
export function parsePolicy(root: JsonObject, source: string): Conjunction {
  const conjunction: Conjunction = { conditions: [], alternatives: [] };
  readObject(root, { prefix: '', depth: 1, insideOr: false }, conjunction, source);
  return conjunction;
}

function readObject(object: JsonObject, place: Place, into: Conjunction, source: string): void {
  if (object.members.length === 0) {
    throw errorAt(source, 'Empty objects are not allowed', object.end);
  }
  for (const { name, value } of object.members) {
    if (name === '$or') {
      into.alternatives.push(readAlternatives(value, place, source));
      continue;
    }
    if (place.insideOr && RESERVED.has(name)) {
      const message = `${name} is Ruler reserved fieldName which cannot be used inside $or.`;
      throw errorAt(source, message, value.at);
    }
    const path = place.prefix + name;
    if (value.kind === 'object') {
      readObject(value, { ...place, prefix: `${path}.`, depth: place.depth + 1 }, into, source);
    } else if (value.kind === 'array') {
      into.conditions.push(readCondition(path, place.depth, value, source));
    } else {
      throw errorAt(source, `"${name}" must be an object or an array`, value.at);
    }
  }
}

function readAlternatives(list: JsonNode, place: Place, source: string): Conjunction[] {
  if (list.kind !== 'array') {
    throw errorAt(source, 'It must be an Array followed with $or.', list.at);
  }
  const branches = list.items.map((item) => {
    if (item.kind !== 'object') {
      const message = 'Only JSON object is allowed in array of $or relationship.';
      throw errorAt(source, message, item.at);
    }
    const branch: Conjunction = { conditions: [], alternatives: [] };
    readObject(item, { ...place, insideOr: true }, branch, source);
    return branch;
  });
  if (branches.length < 2) {
    const message = 'There must have at least 2 Objects in $or relationship.';
    throw errorAt(source, message, list.end);
  }
  return branches;
}

function readCondition(
  path: string,
  depth: number,
  list: JsonNode & { kind: 'array' },
  source: string,
): Condition {
  const patterns = list.items.map((item) => parsePattern(item, source));
  if (patterns.length === 0) throw errorAt(source, 'Empty arrays are not allowed', list.end);
  return { path, depth, patterns };
}
