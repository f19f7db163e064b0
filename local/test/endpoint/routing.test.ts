import { request as startRequest } from 'node:http';
import { createServer } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { AwsRequest } from '../../endpoint/aws-request.ts';
import { accessKeyIdOf } from '../../endpoint/caller.ts';
import { HttpEndpoint, PortInUseError } from '../../endpoint/http-endpoint.ts';

const open: HttpEndpoint[] = [];

async function startEndpoint(
  onRequest: (request: AwsRequest) => void = () => {},
  servedPaths: string[] = [],
) {
  const errors: unknown[] = [];
  const endpoint = new HttpEndpoint({
    services: {
      sqs: {
        handle(request, response) {
          onRequest(request);
          if (request.path.startsWith('/undecodable/')) decodeURIComponent(request.path);
          response.end('sqs');
          return Promise.resolve();
        },
      },
      sns: { handle: () => Promise.reject(new Error('SNS broke')) },
    },
    localPages: (_request, response) => Promise.resolve(void response.end('local page')),
    httpApi: (_request, response) => Promise.resolve(void response.end('http api')),
    apiRules: { serves: (_, path) => servedPaths.includes(path), allowsOrigin: () => false },
    onError: (error) => errors.push(error),
  });
  open.push(endpoint);
  await endpoint.listen(0);
  return { endpoint, errors };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((endpoint) => endpoint.close()));
});

const signedFor = (service: string, accessKeyId = 'test') => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261122/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

/** Asks for a target as it is written, which `fetch` would normalise. */
const answerTo = (port: number, target: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = startRequest({ host: '127.0.0.1', port, path: target, agent: false });
    asked.once('error', reject);
    asked.once('response', (response) => resolve(textOf(response)));
    asked.end();
  });

describe('the endpoint', () => {
  it('gives a signed request to the service its credential scope names', async () => {
    const { endpoint } = await startEndpoint();

    const answer = await fetch(endpoint.url, { headers: signedFor('sqs') });

    expect(await answer.text()).toBe('sqs');
  });

  it('reads the service of a presigned URL from its query string', async () => {
    const { endpoint } = await startEndpoint();

    const answer = await fetch(
      `${endpoint.url}/?X-Amz-Credential=test%2F20261122%2Fus-east-1%2Fsqs%2Faws4_request`,
    );

    expect(await answer.text()).toBe('sqs');
  });

  it('knows which function made a request by its credentials', async () => {
    const callers: unknown[] = [];
    const { endpoint } = await startEndpoint(({ caller }) => callers.push(caller));

    await fetch(endpoint.url, { headers: signedFor('sqs', accessKeyIdOf('placeOrder', 'env1')) });
    await fetch(endpoint.url, { headers: signedFor('sqs', 'test') });

    expect(callers).toEqual([
      { kind: 'function', functionName: 'placeOrder', environmentId: 'env1' },
      { kind: 'client', accessKeyId: 'test' },
    ]);
  });

  it('gives unsigned requests to the HTTP API and its own paths to the local pages', async () => {
    const { endpoint } = await startEndpoint();

    const [api, page] = await Promise.all([
      fetch(`${endpoint.url}/orders`).then((answer) => answer.text()),
      fetch(`${endpoint.url}/_local/activity`).then((answer) => answer.text()),
    ]);

    expect([api, page]).toEqual(['http api', 'local page']);
  });

  it('names the services it has when asked for another', async () => {
    const { endpoint } = await startEndpoint();

    const answer = await fetch(endpoint.url, { headers: signedFor('glacier') });

    expect(answer.status).toBe(501);
    expect(await answer.text()).toContain('has no glacier; it has sqs, sns');
  });

  it('refuses in the protocol that the client speaks', async () => {
    const { endpoint } = await startEndpoint();

    const query = await fetch(endpoint.url, {
      method: 'POST',
      headers: { ...signedFor('iam'), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=ListUsers&Version=2010-05-08',
    });
    const json = await fetch(endpoint.url, {
      method: 'POST',
      headers: { ...signedFor('kms'), 'x-amz-target': 'TrentService.ListKeys' },
      body: '{}',
    });

    expect(await query.text()).toContain('<Code>NotImplemented</Code>');
    expect(await json.json()).toMatchObject({
      __type: 'com.amazonaws#NotImplemented',
      message: expect.stringContaining('has no kms'),
    });
  });

  it.each([
    ['/orders?Action=Publish', 'http api'],
    ['/?Action=Publish', 'http api'],
    ['/?Action=ListQueues&Version=2012-11-05', 'sqs'],
    ['/served?Action=ListQueues&Version=2012-11-05', 'http api'],
  ])('gives the unsigned GET %s to whom it is for', async (target, text) => {
    const { endpoint } = await startEndpoint();

    expect(await answerTo(endpoint.port, target)).toBe(text);
  });

  it('prefers a route of the HTTP API to what an unsigned request looks like', async () => {
    const { endpoint } = await startEndpoint(() => {}, ['/']);

    expect(await answerTo(endpoint.port, '/?Action=Unsubscribe')).toBe('http api');
  });

  it('answers 400 to a path that nobody can decode', async () => {
    const { endpoint, errors } = await startEndpoint();

    const answers = await Promise.all([
      fetch(`${endpoint.url}/_local/emails/%E0%A4%A`),
      fetch(`${endpoint.url}/undecodable/%zz`, { headers: signedFor('sqs') }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    expect(errors).toEqual([]);
  });

  it('takes no service name for one that every object has', async () => {
    const { endpoint, errors } = await startEndpoint();

    const answers = await Promise.all(
      ['__proto__', 'constructor'].map((name) => fetch(endpoint.url, { headers: signedFor(name) })),
    );

    expect(answers.map(({ status }) => status)).toEqual([501, 501]);
    expect(errors).toEqual([]);
  });

  it('reads an access key id with a stray percent sign as it is', async () => {
    const callers: unknown[] = [];
    const { endpoint } = await startEndpoint(({ caller }) => callers.push(caller));

    await fetch(endpoint.url, { headers: signedFor('sqs', '%zz') });

    expect(callers).toEqual([{ kind: 'client', accessKeyId: '%zz' }]);
  });

  it.each([
    ['//', 'http api'],
    ['//[/', 'http api'],
    ['///orders', 'http api'],
    ['*', 'http api'],
    ['http://127.0.0.1/orders', 'http api'],
    ['http://[', 'The request target is no URL.\n'],
  ])('answers a request for the target %s', async (target, text) => {
    const { endpoint, errors } = await startEndpoint();

    const answer = await answerTo(endpoint.port, target);

    expect(answer).toBe(text);
    expect(errors).toEqual([]);
  });

  it('answers 500 and reports the error when a service throws', async () => {
    const { endpoint, errors } = await startEndpoint();

    const answer = await fetch(endpoint.url, { headers: signedFor('sns') });

    expect(answer.status).toBe(500);
    expect(errors).toMatchObject([{ message: 'SNS broke' }]);
  });

  it('says which port is in use', async () => {
    const { endpoint } = await startEndpoint();
    const other = new HttpEndpoint({
      services: {},
      localPages: () => Promise.resolve(),
      httpApi: () => Promise.resolve(),
      onError: () => {},
    });

    await expect(other.listen(endpoint.port)).rejects.toThrow(
      new PortInUseError(`Port ${endpoint.port} on 127.0.0.1 is in use`),
    );
  });

  it('listens on loopback only', async () => {
    const { endpoint } = await startEndpoint();

    // Another listener can only take the wildcard-free address of the same port on another
    // loopback address if the endpoint did not bind every address.
    const neighbour = createServer();
    const bound = await new Promise((resolve, reject) => {
      neighbour.once('error', reject);
      neighbour.listen(endpoint.port, '127.0.0.2', () => resolve('bound'));
    });
    neighbour.close();

    expect(bound).toBe('bound');
  });
});
