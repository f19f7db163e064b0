import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { methodsOf } from '../../../functions/buying/unknown-route.ts';

/** What functions.yml says of each route, such as `GET /orders/{orderId}`. */
const ROUTE =
  /^\s*- httpApi: (?:\{ method: )?(?<method>[A-Z]+)(?:, path:)? '?(?<path>\/[^\s',]*)/gm;

const described = [
  ...readFileSync(
    new URL('../../../functions/buying/functions.yml', import.meta.url),
    'utf8',
  ).matchAll(ROUTE),
].map(({ groups: { method = '', path = '' } = {} }) => ({
  method,
  path: path.replaceAll(/\{\w+\}/g, 'anything'),
}));

describe('the methods that an unknown route answers with', () => {
  it('are read from routes that are described', () => {
    expect(described).toContainEqual({ method: 'POST', path: '/orders/anything/cancel' });
  });

  it.each([...new Set(described.map(({ path }) => path))])('are those of the API at %s', (path) => {
    const methods = described.filter((route) => route.path === path).map(({ method }) => method);

    expect(methodsOf(path)?.toSorted()).toEqual(methods.toSorted());
  });

  it.each(['/', '/orders/', '/orders/a/b', '/orders/a/cancel/b', '/products/pencil', '/order'])(
    'are none at %s, which no function has',
    (path) => {
      expect(methodsOf(path)).toBeUndefined();
    },
  );
});
