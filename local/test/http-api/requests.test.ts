import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LocalLambda } from '../lambda/local-lambda.ts';
import { listen } from './local-http-api.ts';

const lambda = new LocalLambda();
let http: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  await lambda.add('echo', 'export const handler = async (event) => event;');
  http = await listen(lambda.context, lambda.service);
  http.addRoute('POST /echo/{id}', 'echo');
  http.addRoute('GET /echo/{id}', 'echo');
  http.addRoute('GET /files/{proxy+}', 'echo');
});
afterAll(async () => {
  await http.close();
  await lambda.close();
});

const eventOf = async (path: string, init?: RequestInit): Promise<unknown> =>
  (await fetch(http.url + path, init)).json();

describe('the event of a request', () => {
  it('has the documented shape of payload format 2.0', async () => {
    const event = await eventOf('/echo/7?x=1', { headers: { 'user-agent': 'test' } });

    expect(event).toEqual({
      version: '2.0',
      routeKey: 'GET /echo/{id}',
      rawPath: '/echo/7',
      rawQueryString: 'x=1',
      headers: expect.objectContaining({
        host: new URL(http.url).host,
        'user-agent': 'test',
        'content-length': '0',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': new URL(http.url).port,
        'x-forwarded-proto': 'http',
      }),
      queryStringParameters: { x: '1' },
      pathParameters: { id: '7' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        domainName: new URL(http.url).host,
        domainPrefix: 'local',
        http: {
          method: 'GET',
          path: '/echo/7',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: expect.any(String),
        routeKey: 'GET /echo/{id}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
  });

  it('joins the values of one query parameter by commas', async () => {
    const event = await eventOf('/echo/7?a=1&b=%20x&a=2&c');

    expect(event).toMatchObject({
      rawQueryString: 'a=1&b=%20x&a=2&c',
      queryStringParameters: { a: '1,2', b: ' x', c: '' },
    });
  });

  it('decodes path parameters and keeps the raw path', async () => {
    const event = await eventOf('/files/a%20b/c');

    expect(event).toMatchObject({ rawPath: '/files/a%20b/c', pathParameters: { proxy: 'a b/c' } });
  });

  it('has cookies apart from the headers', async () => {
    const event = await eventOf('/echo/7', { headers: { cookie: 'a=1; b=2' } });

    expect(event).toMatchObject({ cookies: ['a=1', 'b=2'] });
    expect(event).not.toHaveProperty('headers.cookie');
  });

  it('joins the values of one header by commas', async () => {
    const event = await new Promise<unknown>((resolve, reject) => {
      const request = httpRequest(
        `${http.url}/echo/7`,
        { headers: { 'X-Tag': ['one', 'two'] } },
        (response) => {
          void response.toArray().then((chunks) => resolve(JSON.parse(chunks.join(''))));
        },
      );
      request.on('error', reject);
      request.end();
    });

    expect(event).toMatchObject({ headers: { 'x-tag': 'one,two' } });
  });

  it.each(['application/json', 'text/plain;charset=UTF-8', 'application/problem+json'])(
    'carries a body of type %s as text',
    async (type) => {
      const event = await eventOf('/echo/7', {
        method: 'POST',
        headers: { 'content-type': type },
        body: '{"grüße":1}',
      });

      expect(event).toMatchObject({ body: '{"grüße":1}', isBase64Encoded: false });
    },
  );

  it.each(['application/octet-stream', 'image/png', 'application/x-www-form-urlencoded'])(
    'carries a body of type %s in base64',
    async (type) => {
      const event = await eventOf('/echo/7', {
        method: 'POST',
        headers: { 'content-type': type },
        body: Buffer.from([0, 255, 1]),
      });

      expect(event).toMatchObject({ body: 'AP8B', isBase64Encoded: true });
    },
  );
});

describe('a request without a function', () => {
  it.each([
    ['GET', '/nowhere'],
    ['DELETE', '/echo/7'],
  ])('%s %s is not found', async (method, path) => {
    const answer = await fetch(http.url + path, { method });

    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ message: 'Not Found' });
  });

  it('is refused past 10 MB', async () => {
    const answer = await fetch(`${http.url}/echo/7`, {
      method: 'POST',
      body: Buffer.alloc(10 * 1024 * 1024 + 1, 'a'),
    });

    expect(answer.status).toBe(413);
    expect(await answer.json()).toEqual({ message: 'Request Entity Too Large' });
  });

  it('is refused when the event is more than Lambda takes', async () => {
    const answer = await fetch(`${http.url}/echo/7`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: Buffer.alloc(7 * 1024 * 1024, 'a'),
    });

    expect(answer.status).toBe(413);
  });
});
