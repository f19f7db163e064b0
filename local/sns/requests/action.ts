import type { Caller } from '../../endpoint/caller.ts';
import { queryList, queryMap, type QueryTree } from '../../endpoint/query-protocol.ts';
import { invalidParameter } from '../errors.ts';

/** Answers one API action with its result, or with nothing where the action has none. */
export type Action = (
  parameters: QueryTree,
  caller: Caller,
) => object | undefined | Promise<object | undefined>;

const PAGE = 100;

/**
 * Up to a hundred items from where `token` points, and the token of the next page.
 *
 * @throws AwsError InvalidParameter for a token that was not handed out
 */
export function page<T>(
  items: T[],
  keyOf: (item: T) => string,
  token: string | undefined,
): { items: T[]; next: { NextToken?: string } } {
  const key = token === undefined ? '' : Buffer.from(token, 'base64url').toString();
  const start = token === undefined ? 0 : items.findIndex((item) => keyOf(item) === key);
  if (start === -1) throw invalidParameter('NextToken');
  const following = items[start + PAGE];
  const next = following ? { NextToken: Buffer.from(keyOf(following)).toString('base64url') } : {};
  return { items: items.slice(start, start + PAGE), next };
}

/** A map of strings as XML: `<entry><key/><value/></entry>` for each. */
export const entriesOf = (map: Record<string, string>): object => ({
  entry: Object.entries(map).map(([key, value]) => ({ key, value })),
});

export function stringMap(parameters: QueryTree, key: string): Record<string, string> {
  const strings: Record<string, string> = {};
  for (const [name, value] of Object.entries(queryMap(parameters, key))) {
    if (typeof value === 'string') strings[name] = value;
  }
  return strings;
}

export const stringList = (parameters: QueryTree, key: string): string[] =>
  queryList(parameters, key).filter((item) => typeof item === 'string');

/** A list of structures, each a tree of its own. */
export const treeList = (parameters: QueryTree, key: string): QueryTree[] =>
  queryList(parameters, key).filter((item) => typeof item !== 'string');
