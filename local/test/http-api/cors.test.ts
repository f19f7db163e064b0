import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LocalLambda } from '../lambda/local-lambda.ts';
import { listen } from './local-http-api.ts';

const lambda = new LocalLambda();
let http: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  await lambda.add(
    'orders',
    `export const handler = async () => ({
       statusCode: 200, headers: { 'Access-Control-Allow-Origin': 'https://mine' }, body: '[]' });`,
  );
  http = await listen(lambda.context, lambda.service);
  http.addRoute('GET /orders', 'orders');
  http.api.configureCors({
    allowOrigins: ['https://shop.example', 'https://*.shop.example'],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['content-type'],
    exposeHeaders: ['location'],
    maxAge: 600,
  });
});
afterAll(async () => {
  await http.close();
  await lambda.close();
});

const preflight = (origin: string): Promise<Response> =>
  fetch(`${http.url}/orders`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  });

describe('CORS', () => {
  it.each(['https://shop.example', 'https://eu.shop.example'])(
    'answers the preflight of %s without a function',
    async (origin) => {
      const response = await preflight(origin);

      expect(response.status).toBe(204);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'content-type',
        'access-control-max-age': '600',
      });
    },
  );

  it('allows another origin nothing', async () => {
    const response = await preflight('https://elsewhere.example');

    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('replaces the headers that a function sets itself', async () => {
    const response = await fetch(`${http.url}/orders`, {
      headers: { origin: 'https://shop.example' },
    });

    expect(response.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(response.headers.get('access-control-expose-headers')).toBe('location');
  });
});
