import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ThrottledError } from '../../lambda/errors.ts';
import type { FunctionInvoker } from '../../lambda/model/function-invoker.ts';
import { LocalLambda } from '../lambda/local-lambda.ts';
import { listen } from './local-http-api.ts';

const lambda = new LocalLambda();
let http: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  await lambda.add(
    'answering',
    `export const handler = async (event) => {
       const { answer, fail } = JSON.parse(event.body);
       if (fail) throw new Error('as asked');
       return answer;
     };`,
  );
  http = await listen(lambda.context, lambda.service);
  http.addRoute('$default', 'answering');
});
afterAll(async () => {
  await http.close();
  await lambda.close();
});

const post = (body: unknown, method = 'POST'): Promise<Response> =>
  fetch(`${http.url}/any`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('the answer of a function', () => {
  it.each([
    { answer: { message: 'Hello' }, body: '{"message":"Hello"}' },
    { answer: 'Hello', body: 'Hello' },
    { answer: [1, 2], body: '[1,2]' },
    { answer: null, body: 'null' },
  ])('without a status is the JSON body of a 200: $body', async ({ answer, body }) => {
    const response = await post({ answer });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe(body);
  });

  it('gives status, headers, cookies and body', async () => {
    const response = await post({
      answer: {
        statusCode: 202,
        headers: { Location: '/orders/1', 'X-Count': 3 },
        cookies: ['a=1; HttpOnly', 'b=2'],
        body: '{"ok":true}',
      },
    });

    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe('/orders/1');
    expect(response.headers.get('x-count')).toBe('3');
    expect(response.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2']);
    expect(response.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    expect(await response.json()).toEqual({ ok: true });
  });

  it('may be in base64', async () => {
    const response = await post({
      answer: { statusCode: 200, body: 'AP8B', isBase64Encoded: true },
    });

    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0, 255, 1]));
  });

  it.each([
    { answer: { statusCode: 200, body: { not: 'a text' } } },
    { answer: { statusCode: 'fine' } },
    { answer: { statusCode: 99 } },
    { answer: { statusCode: 200, cookies: 'a=1' } },
    { answer: { statusCode: 200, headers: { location: 'a\r\nb: c' } } },
    { answer: { statusCode: 200, headers: { 'no name': 'x' } } },
    { fail: true },
  ])('is an internal server error when it is malformed: %j', async (body) => {
    const response = await post(body);

    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal Server Error' });
    expect(http.errors).toEqual([]);
  });

  it('is told as an activity', async () => {
    const after = lambda.activity.since().at(-1)?.sequence ?? 0;
    await post({ answer: { statusCode: 418 } }, 'PUT');

    const answered = await lambda.activity.waitFor('http-answered', () => true, { after });
    expect(answered).toMatchObject({
      method: 'PUT',
      path: '/any',
      functionName: 'answering',
      status: 418,
    });
  });
});

const functions = (invoke: FunctionInvoker['invoke']): FunctionInvoker => ({
  functionExists: () => true,
  invoke,
  invokeAsync: () => Promise.reject(new Error('not used')),
});

describe('a function that gives no answer', () => {
  it.each([
    ['takes too long', () => new Promise<never>(() => {})],
    ['has no free environment', () => Promise.reject(new ThrottledError('busy'))],
  ])('%s: the service is unavailable', async (_what, invoke) => {
    const slow = await listen(lambda.context, functions(invoke), { integrationTimeoutMs: 20 });
    slow.addRoute('GET /slow', 'slow');

    const response = await fetch(`${slow.url}/slow`);

    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ message: 'Service Unavailable' });
    await slow.close();
  });

  it('waits for an environment as long as the timeout lasts', async () => {
    let waitMs: number | undefined;
    const patient = await listen(
      lambda.context,
      functions((invocation) => {
        waitMs = invocation.waitForEnvironmentMs;
        return Promise.reject(new ThrottledError('busy'));
      }),
    );
    patient.addRoute('GET /patient', 'patient');

    await fetch(`${patient.url}/patient`);

    expect(waitMs).toBe(30_000);
    await patient.close();
  });
});
