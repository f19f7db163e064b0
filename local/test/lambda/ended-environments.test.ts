import { afterAll, describe, expect, it } from '@jest/globals';
import { LocalLambda } from './local-lambda.ts';

const lambda = new LocalLambda();
afterAll(() => lambda.close());

/** Counts in module state, so that a second answer of 1 shows a new environment. */
const endingBy = (how: string): string => `
  let count = 0;
  export const handler = async ({ end }) => {
    count++;
    if (end) { ${how} }
    return count;
  };`;

describe('an environment ends', () => {
  it.each([
    {
      cause: 'a timeout',
      how: 'await new Promise((resolve) => setTimeout(resolve, 60_000));',
      timeoutSeconds: 0.3,
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(
          /^\d{4}-\d\d-\d\dT[\d:.]+Z [\da-f-]{36} Task timed out after 0\.30 seconds$/,
        ),
      },
    },
    {
      cause: 'a timeout of a handler that never yields',
      how: 'for (;;) {}',
      timeoutSeconds: 0.3,
      error: { errorType: 'Sandbox.Timedout' },
    },
    {
      cause: 'process.exit',
      how: 'process.exit(0);',
      timeoutSeconds: 5,
      error: {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(
          /^RequestId: [\da-f-]{36} Error: Runtime exited without providing a reason$/,
        ),
      },
    },
    {
      cause: 'process.exit with a code',
      how: 'process.exit(7);',
      timeoutSeconds: 5,
      error: {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/Error: Runtime exited with error: exit status 7$/),
      },
    },
    {
      cause: 'running out of memory',
      how: 'const hoard = []; for (;;) hoard.push(new Array(100_000).fill(count));',
      timeoutSeconds: 10,
      error: {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/Error: Runtime exited with error: signal: killed$/),
      },
    },
    {
      cause: 'an error that no one catches',
      how: `setImmediate(() => { throw new TypeError('escaped'); }); await new Promise(() => {});`,
      timeoutSeconds: 5,
      error: { errorType: 'TypeError', errorMessage: 'escaped' },
    },
    {
      cause: 'a rejection that no one handles',
      how: `Promise.reject(new Error('forgotten')); await new Promise(() => {});`,
      timeoutSeconds: 5,
      error: { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'forgotten' },
    },
  ])('by $cause, and the next event has a new one', async ({ cause, how, error, ...overrides }) => {
    await lambda.add(cause, endingBy(how), { ...overrides, memoryMb: 32 });
    const before = await lambda.answerOf(cause, { end: false });

    const failed = await lambda.invoke(cause, { end: true });
    const after = await lambda.answerOf(cause, { end: false });

    expect(failed.functionError).toBe('Unhandled');
    expect(JSON.parse(failed.payload)).toMatchObject(error);
    expect([before, after]).toEqual([1, 1]);
  });

  it('and tells of it as of any other failure', async () => {
    await lambda.add('told', 'export const handler = async () => process.exit(1);');

    const { requestId } = await lambda.invoke('told');

    const failed = await lambda.activity.waitFor(
      'function-failed',
      ({ functionName }) => functionName === 'told',
    );
    expect(failed).toMatchObject({ requestId, errorType: 'Runtime.ExitError' });
  });
});
