import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpEndpoint } from '../../endpoint/http-endpoint.ts';
import type { EventSourceMappingDescription } from '../../lambda/requests.ts';
import { LocalLambda } from './local-lambda.ts';

const mapping: EventSourceMappingDescription = {
  UUID: '00000000-0000-0000-0000-000000000001',
  BatchSize: 10,
  MaximumBatchingWindowInSeconds: 0,
  EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:orders',
  EventSourceMappingArn: 'arn:aws:lambda:us-east-1:000000000000:event-source-mapping:1',
  FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
  LastModified: 1,
  State: 'Enabled',
  StateTransitionReason: 'USER_INITIATED',
  FunctionResponseTypes: [],
};
const lambda = new LocalLambda({
  targets: { queues: { queueByArn: () => undefined }, eventSourceMappings: () => [mapping] },
});
const errors: unknown[] = [];
const endpoint = new HttpEndpoint({
  services: { lambda: lambda.service },
  localPages: () => Promise.resolve(),
  httpApi: () => Promise.resolve(),
  onError: (error) => errors.push(error),
});

beforeAll(async () => {
  await endpoint.listen(0);
  await lambda.add(
    'echo',
    `export const handler = async (event, context) => {
       if (event.clientContext) return context.clientContext;
       if (event.fail) throw new Error('as asked');
       console.log('echoing');
       return event;
     };`,
    { reservedConcurrency: 1 },
  );
  await lambda.add('off', '', { reservedConcurrency: 0 });
});
afterAll(async () => {
  await endpoint.close();
  await lambda.close();
});

const authorization =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0';
const call = (
  path: string,
  init: Omit<RequestInit, 'headers'> = {},
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${endpoint.url}/2015-03-31${path}`, { ...init, headers: { authorization, ...headers } });
const invoke = (reference: string, body: string, headers: Record<string, string> = {}) =>
  call(
    `/functions/${encodeURIComponent(reference)}/invocations`,
    { method: 'POST', body },
    headers,
  );
const mappingsOf = async (query: string): Promise<unknown> =>
  (await call(`/event-source-mappings/?${query}`)).json();

describe('the client context of an invocation', () => {
  it('reaches the function', async () => {
    const context = Buffer.from('{"custom":{"order":"ORD-1"}}').toString('base64');

    const response = await invoke('echo', '{"clientContext":true}', {
      'x-amz-client-context': context,
    });

    expect(await response.json()).toEqual({ custom: { order: 'ORD-1' } });
  });

  it('is refused when it is no JSON', async () => {
    const response = await invoke('echo', '{}', { 'x-amz-client-context': 'bm90IEpTT04=' });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      message: 'Client context must be a valid Base64-encoded JSON object.',
    });
  });
});

describe('Invoke', () => {
  it.each([
    'echo',
    'echo:$LATEST',
    '000000000000:function:echo',
    'arn:aws:lambda:us-east-1:000000000000:function:echo',
    'arn:aws:lambda:us-east-1:000000000000:function:echo:$LATEST',
  ])('runs the function that %s names', async (reference) => {
    const response = await invoke(reference, '{"a":1}');

    expect(response.status).toBe(200);
    expect(response.headers.get('x-amz-executed-version')).toBe('$LATEST');
    expect(response.headers.get('x-amz-function-error')).toBeNull();
    expect(await response.json()).toEqual({ a: 1 });
  });

  it('takes an empty body for an empty event', async () => {
    expect(await (await invoke('echo', '')).json()).toEqual({});
  });

  it('tells a failure of the function in a header', async () => {
    const response = await invoke('echo', '{"fail":true}');

    expect(response.status).toBe(200);
    expect(response.headers.get('x-amz-function-error')).toBe('Unhandled');
    expect(await response.json()).toMatchObject({ errorType: 'Error', errorMessage: 'as asked' });
  });

  it('gives the tail of the log when asked', async () => {
    const response = await invoke('echo', '{}', { 'x-amz-log-type': 'Tail' });

    const log = Buffer.from(response.headers.get('x-amz-log-result') ?? '', 'base64').toString();
    const requestId = response.headers.get('x-amzn-requestid');
    expect(log).toContain(`START RequestId: ${requestId} Version: $LATEST\n`);
    expect(log).toContain(`\t${requestId}\tINFO\techoing\n`);
    expect(log).toMatch(/END RequestId: .*\nREPORT RequestId: .*\tDuration: [\d.]+ ms\t/);
  });

  it('accepts an event and runs it later', async () => {
    const response = await invoke('echo', '{"later":true}', { 'x-amz-invocation-type': 'Event' });

    expect(response.status).toBe(202);
    expect(await response.text()).toBe('');
    const requestId = response.headers.get('x-amzn-requestid');
    await lambda.activity.waitFor('function-completed', (one) => one.requestId === requestId);
  });

  it('runs nothing in a dry run', async () => {
    const response = await invoke('echo', '{}', { 'x-amz-invocation-type': 'DryRun' });

    expect(response.status).toBe(204);
  });

  it.each([
    ['nobody', '{}', {}, 404, 'ResourceNotFoundException', 'Function not found: arn:aws:lambda:'],
    ['echo:7', '{}', {}, 404, 'ResourceNotFoundException', ':function:echo:7'],
    ['echo', '{broken', {}, 400, 'InvalidRequestContentException', 'Could not parse request body'],
    [
      'echo',
      '{}',
      { 'x-amz-invocation-type': 'Later' },
      400,
      'InvalidParameterValueException',
      'enum value set',
    ],
    ['off', '{}', {}, 429, 'TooManyRequestsException', 'Rate Exceeded'],
    [
      'echo',
      JSON.stringify('a'.repeat(6 * 1024 * 1024)),
      {},
      413,
      'RequestTooLargeException',
      'Request must be smaller than 6291456 bytes',
    ],
    [
      'echo',
      JSON.stringify('a'.repeat(1024 * 1024)),
      { 'x-amz-invocation-type': 'Event' },
      413,
      'RequestTooLargeException',
      'Request must be smaller than 1048576 bytes',
    ],
  ])('refuses %s with %.20s %j: %i', async (reference, body, headers, status, code, message) => {
    const response = await invoke(reference, body, headers);

    expect(response.status).toBe(status);
    expect(response.headers.get('x-amzn-errortype')).toBe(code);
    expect(await response.json()).toMatchObject({ Message: expect.stringContaining(message) });
  });
});

describe('reading', () => {
  it('lists the functions', async () => {
    const body: unknown = await (await call('/functions/')).json();

    expect(body).toMatchObject({
      Functions: [
        { FunctionName: 'echo', Runtime: 'nodejs24.x', Handler: 'index.handler', Timeout: 10 },
        { FunctionName: 'off' },
      ],
    });
  });

  it('shows a function and its configuration', async () => {
    const whole: unknown = await (await call('/functions/echo')).json();
    const configuration: unknown = await (await call('/functions/echo/configuration')).json();

    expect(whole).toMatchObject({
      Configuration: configuration,
      Concurrency: { ReservedConcurrentExecutions: 1 },
    });
  });

  it('lists the event source mappings of a function or a queue', async () => {
    expect(await mappingsOf('FunctionName=echo')).toEqual({ EventSourceMappings: [mapping] });
    expect(await mappingsOf('FunctionName=off')).toEqual({ EventSourceMappings: [] });
    expect(await mappingsOf(`EventSourceArn=${mapping.EventSourceArn}`)).toEqual({
      EventSourceMappings: [mapping],
    });
  });

  it('shows one event source mapping, and says when there is none', async () => {
    const there = await call(`/event-source-mappings/${mapping.UUID}`);
    const missing = await call('/event-source-mappings/nowhere');

    expect(await there.json()).toEqual(mapping);
    expect(missing.status).toBe(404);
  });

  it('refuses a path that can not be decoded', async () => {
    const answer = await call('/functions/%ff');

    expect(answer.status).toBe(400);
    expect(answer.headers.get('x-amzn-errortype')).toBe('ValidationException');
    expect(errors).toEqual([]);
  });

  it('names what there is when asked for something else', async () => {
    const response = await call('/functions', { method: 'POST' });

    expect(response.status).toBe(501);
    expect(await response.json()).toMatchObject({
      Message: expect.stringContaining('has no POST /2015-03-31/functions; it has Invoke'),
    });
    expect(errors).toEqual([]);
  });
});
