import { request as startRequest } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpEndpoint } from '../../endpoint/http-endpoint.ts';

const open: HttpEndpoint[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((endpoint) => endpoint.close()));
});

async function startEndpoint() {
  const endpoint = new HttpEndpoint({
    services: { sns: { handle: (_, response) => Promise.resolve(void response.end('published')) } },
    localPages: (_, response) => Promise.resolve(void response.end('page')),
    httpApi: (_, response) => Promise.resolve(void response.end('api')),
    apiRules: {
      serves: () => false,
      allowsOrigin: (origin) => origin === 'https://shop.example',
    },
    onError: () => {},
  });
  open.push(endpoint);
  const port = await endpoint.listen(0);
  /** `fetch` would set Host and Sec-Fetch-Site itself. */
  return (path: string, headers: Record<string, string>, method = 'GET'): Promise<number> =>
    new Promise((resolve, reject) => {
      const asked = startRequest({ host: '127.0.0.1', port, path, method, headers, agent: false });
      asked.once('error', reject);
      asked.once('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      asked.end();
    });
}

const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=test/20261122/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0',
};
const UNSUBSCRIBE = '/?Action=Unsubscribe&SubscriptionArn=x';

describe('a request of a web page of another origin', () => {
  it.each([
    ['an image of a foreign page', UNSUBSCRIBE, { 'sec-fetch-site': 'cross-site' }],
    ['an image of a page on another port', UNSUBSCRIBE, { 'sec-fetch-site': 'same-site' }],
    ['a form of a foreign page', UNSUBSCRIBE, { origin: 'https://evil.example' }],
    ['a sandboxed frame', UNSUBSCRIBE, { origin: 'null' }],
    ['a signed request', '/', { ...SIGNED, origin: 'https://evil.example' }],
    ['an origin that only the HTTP API allows', '/', { ...SIGNED, origin: 'https://shop.example' }],
    ['a page read by a script', '/_local/emails', { origin: 'https://evil.example' }],
    [
      'a frame',
      '/_local/emails',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ],
    ['the HTTP API without CORS', '/orders', { origin: 'https://evil.example' }],
    ['a foreign name for this machine', '/_local/emails', { host: 'evil.example' }],
    ['a foreign name that begins like ours', '/orders', { host: '127.0.0.1.evil.example' }],
    [
      'a link that would do something',
      UNSUBSCRIBE,
      {
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      },
    ],
  ])('is refused: %s', async (_, path, headers) => {
    const statusOf = await startEndpoint();

    expect(await statusOf(path, headers)).toBe(403);
  });

  it('asks in vain before it sends what is not simple', async () => {
    const statusOf = await startEndpoint();
    const headers = {
      ...SIGNED,
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
    };

    expect(await statusOf('/', headers, 'OPTIONS')).toBe(403);
  });
});

describe('a request of anybody else', () => {
  it.each([
    ['an SDK', '/', SIGNED],
    ['an SDK that knows it by a name', '/', { ...SIGNED, host: 'bucket.localhost:4566' }],
    ['a client on IPv6', '/orders', { host: '[::1]:4566' }],
    ['an address that somebody typed', '/_local/emails', { 'sec-fetch-site': 'none' }],
    [
      'a link to a page',
      '/_local/emails',
      {
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      },
    ],
    ['a page of its own', '/_local/emails', { 'sec-fetch-site': 'same-origin' }],
    [
      'an origin that the template allows',
      '/orders',
      { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' },
    ],
  ])('is answered: %s', async (_, path, headers) => {
    const statusOf = await startEndpoint();

    expect(await statusOf(path, headers)).toBe(200);
  });

  it('may name the origin that the endpoint itself has', async () => {
    const statusOf = await startEndpoint();
    const headers = { host: 'localhost:4566', origin: 'http://localhost:4566' };

    expect(await statusOf('/orders', headers, 'POST')).toBe(200);
  });
});
