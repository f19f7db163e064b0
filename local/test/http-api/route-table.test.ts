import { describe, expect, it } from '@jest/globals';
import { RouteKeyError, RouteTable } from '../../http-api/route.ts';

const tableOf = (...routeKeys: string[]): RouteTable => {
  const table = new RouteTable();
  for (const routeKey of routeKeys) table.add({ routeKey, functionName: 'any' });
  return table;
};

describe('the routes of an HTTP API', () => {
  const routeKeys = [
    'ANY /{proxy+}',
    'GET /pets/{petId}',
    'ANY /pets/{petId}',
    'GET /pets/dog',
    'GET /pets/{petId}/toys/{toyId}',
    'POST /pets',
    'ANY /pets/dog/{proxy+}',
    '$default',
  ];

  it.each([
    ['GET', '/pets/dog', 'GET /pets/dog', {}],
    ['POST', '/pets/dog', 'ANY /pets/{petId}', { petId: 'dog' }],
    ['GET', '/pets/6', 'GET /pets/{petId}', { petId: '6' }],
    ['PUT', '/pets/6', 'ANY /pets/{petId}', { petId: '6' }],
    ['GET', '/pets/6/toys/2', 'GET /pets/{petId}/toys/{toyId}', { petId: '6', toyId: '2' }],
    ['GET', '/pets/dog/1', 'ANY /pets/dog/{proxy+}', { proxy: '1' }],
    ['GET', '/pets/dog/1/2', 'ANY /pets/dog/{proxy+}', { proxy: '1/2' }],
    ['GET', '/pets', 'ANY /{proxy+}', { proxy: 'pets' }],
    ['POST', '/pets', 'POST /pets', {}],
    ['GET', '/pets/a%20b%2Fc', 'GET /pets/{petId}', { petId: 'a b/c' }],
    ['GET', '/pets/100%', 'GET /pets/{petId}', { petId: '100%' }],
    ['GET', '/', '$default', {}],
  ])('%s %s is %s', (method, path, routeKey, pathParameters) => {
    const match = tableOf(...routeKeys).match(method, path);

    expect(match).toEqual({ route: { routeKey, functionName: 'any' }, pathParameters });
  });

  it('do not depend on the order in which they were added', () => {
    const match = tableOf(...routeKeys.toReversed()).match('GET', '/pets/dog');

    expect(match?.route.routeKey).toBe('GET /pets/dog');
  });

  it.each([
    ['DELETE', '/orders'],
    ['GET', '/orders/'],
    ['GET', '/orders/1/2'],
    ['GET', '/Orders'],
  ])('match nothing for %s %s when there is no $default', (method, path) => {
    expect(tableOf('GET /orders', 'GET /orders/{id}').match(method, path)).toBeUndefined();
  });

  it('keep one route of a key', () => {
    const table = tableOf('GET /orders');
    table.add({ routeKey: 'GET /orders', functionName: 'later' });

    expect(table.match('GET', '/orders')?.route.functionName).toBe('later');
  });

  it.each(['FETCH /orders', '/orders', 'GET orders', 'GET /{proxy+}/more', 'GET /a{b}c'])(
    'refuse %s',
    (routeKey) => {
      expect(() => tableOf(routeKey)).toThrow(RouteKeyError);
    },
  );
});
