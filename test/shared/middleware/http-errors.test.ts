import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { ConfigurationError } from '../../../shared/configuration.ts';
import { TransientError } from '../../../shared/errors.ts';
import { jsonResponse } from '../../../shared/http/problem.ts';
import { httpFunction } from '../../../shared/middleware/http-function.ts';
import { type CapturedOutput, captureOutput } from '../../functions/support/captured-output.ts';
import { invoke } from '../../functions/support/invoke.ts';
import { httpRequest } from '../../functions/support/sample-request.ts';

const throwing = (error: Error) =>
  httpFunction(
    () => undefined,
    async () => {
      throw error;
    },
  );

describe('a function behind HTTP', () => {
  let output: CapturedOutput;
  beforeEach(() => {
    output = captureOutput();
  });
  afterEach(() => output.restore());

  it.each([
    [new TransientError('busy'), 503, 'TransientFailures'],
    [new TypeError('a mistake'), 500, 'PermanentFailures'],
  ])('answers %s with a problem document and logs it', async (error, status, metric) => {
    const answer = await invoke(throwing(error), httpRequest());

    expect(answer.statusCode).toBe(status);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(answer.body).not.toContain(error.message);
    expect(output.logs()[0]).toMatchObject({
      message: 'Request failed',
      error: { name: error.name },
    });
    expect(output.counts()).toMatchObject({ [metric]: 1, RequestsRefused: 1 });
  });

  it('fails as a whole when its configuration is wrong', async () => {
    const handler = throwing(new ConfigurationError(['TABLE is not set']));

    await expect(invoke(handler, httpRequest())).rejects.toThrow('TABLE is not set');
  });

  it.each([
    ['its own', 'my-order-7', 'my-order-7'],
    ["the gateway's when its own is malformed", 'ada@example.com', 'JKJaXmPLvHcESHA='],
  ])('gives a request %s as correlation id', async (_name, given, used) => {
    const handler = httpFunction(
      () => undefined,
      async (_event, _dependencies, { log, correlationId }) => {
        log.info('working');
        return jsonResponse(200, { correlationId });
      },
    );

    const answer = await invoke(handler, httpRequest({ headers: { 'x-correlation-id': given } }));

    expect(answer.headers).toMatchObject({ 'x-correlation-id': used });
    expect(output.logs()[0]).toMatchObject({ correlationId: used });
  });

  it('uses the invocation as correlation id when nothing else is one', async () => {
    const event = httpRequest();
    event.requestContext.requestId = 'not one';

    const answer = await invoke(throwing(new TypeError('a mistake')), event);

    expect(answer.headers?.['x-correlation-id']).toBe('c6af9ac6-7b61-11e6-9a41-93e8deadbeef');
  });
});
