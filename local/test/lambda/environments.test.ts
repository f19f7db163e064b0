import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { callerOf } from '../../endpoint/caller.ts';
import { ManualClock } from '../manual-clock.ts';
import { HeldHandler } from './held-handler.ts';
import { LocalLambda } from './local-lambda.ts';

const open: LocalLambda[] = [];
const start = (options?: ConstructorParameters<typeof LocalLambda>[0]): LocalLambda => {
  const lambda = new LocalLambda(options);
  open.push(lambda);
  return lambda;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((lambda) => lambda.close()));
});

const COUNTER = 'let count = 0; export const handler = async () => ++count;';
/** Takes as long as the event says. */
const SLOW_COUNTER = `
  let count = 0;
  export const handler = async ({ ms }) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return ++count;
  };`;

describe('an execution environment', () => {
  it('keeps its module state from one event to the next', async () => {
    const lambda = start();
    await lambda.add('counter', COUNTER);

    const answers = [
      await lambda.answerOf('counter'),
      await lambda.answerOf('counter'),
      await lambda.answerOf('counter'),
    ];

    expect(answers).toEqual([1, 2, 3]);
  });

  it('shares no state with another one of the same function', async () => {
    const lambda = start();
    const held = await HeldHandler.start();
    await lambda.add('counter', held.source);

    const answers = Promise.all([
      lambda.answerOf('counter', { hold: true }),
      lambda.answerOf('counter', { hold: true }),
    ]);
    await held.holds(2);
    held.letGo();

    expect(await answers).toEqual([1, 1]);
    held.close();
  });

  it('runs one event at a time', async () => {
    const lambda = start();
    await lambda.add(
      'exclusive',
      `let running = 0;
       export const handler = async () => {
         running++;
         await new Promise((resolve) => setTimeout(resolve, 5));
         return running--;
       };`,
      { reservedConcurrency: 2 },
    );

    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        lambda.service.invoke({
          functionName: 'exclusive',
          payload: '{}',
          source: 'test',
          waitForEnvironmentMs: 5_000,
        }),
      ),
    );

    expect(new Set(results.map(({ payload }) => payload))).toEqual(new Set(['1']));
    const environments = lambda.activity
      .since()
      .flatMap((one) => (one.type === 'function-invoked' ? [one.environmentId] : []));
    expect(new Set(environments).size).toBeLessThanOrEqual(2);
  });

  it('has the variables of its function and of Lambda, and none of this process', async () => {
    process.env['OF_THIS_PROCESS'] = 'secret';
    const lambda = start();
    await lambda.add('variables', 'export const handler = async () => process.env;', {
      environment: { QUEUE_URL: 'http://queue' },
    });

    const variables = await lambda.answerOf('variables');

    expect(variables).toMatchObject({
      QUEUE_URL: 'http://queue',
      AWS_LAMBDA_FUNCTION_NAME: 'variables',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/variables',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      _HANDLER: 'index.handler',
      TZ: ':UTC',
    });
    expect(variables).not.toHaveProperty('OF_THIS_PROCESS');
    delete process.env['OF_THIS_PROCESS'];
  });

  it('has credentials that name it', async () => {
    const lambda = start();
    await lambda.add('who', 'export const handler = async () => process.env.AWS_ACCESS_KEY_ID;');

    const caller = callerOf(String(await lambda.answerOf('who')));

    const invoked = await lambda.activity.waitFor('function-invoked');
    expect(caller).toEqual({
      kind: 'function',
      functionName: 'who',
      environmentId: invoked.environmentId,
    });
  });

  it('leaves its compiled code to the next one where there is a folder for it', async () => {
    const compileCacheFolder = await mkdtemp(join(tmpdir(), 'compile-cache-'));
    const lambda = start({ options: { compileCacheFolder } });
    await lambda.add('counter', COUNTER);

    await lambda.answerOf('counter');

    expect(await readdir(compileCacheFolder)).toHaveLength(1);
    await lambda.service.close();
    await rm(compileCacheFolder, { recursive: true });
  });

  it('ends after it stood idle for some minutes', async () => {
    const clock = new ManualClock();
    const lambda = start({ clock, options: { idleMinutes: 5 } });
    await lambda.add('counter', COUNTER);
    await lambda.answerOf('counter');

    clock.advance(4 * 60_000);
    const warm = await lambda.answerOf('counter');
    clock.advance(11 * 60_000);
    const cold = await lambda.answerOf('counter');

    expect([warm, cold]).toEqual([2, 1]);
  });
});

describe('concurrency', () => {
  it('throttles a synchronous event when every environment is busy', async () => {
    const lambda = start();
    await lambda.add('single', SLOW_COUNTER, { reservedConcurrency: 1 });

    const first = lambda.invoke('single', { ms: 20 });
    const second = lambda.invoke('single', { ms: 20 });

    await expect(second).rejects.toMatchObject({ name: 'ThrottledError' });
    await expect(first).resolves.toMatchObject({ payload: '1' });
  });

  it('lets an event wait for an environment when it may', async () => {
    const lambda = start();
    await lambda.add('single', SLOW_COUNTER, { reservedConcurrency: 1 });

    const results = await Promise.all(
      [1, 2, 3].map(() =>
        lambda.service.invoke({
          functionName: 'single',
          payload: '{"ms":5}',
          source: 'test',
          waitForEnvironmentMs: 5_000,
        }),
      ),
    );

    expect(results.map(({ payload }) => payload)).toEqual(['1', '2', '3']);
  });

  it('throttles an event that waited for as long as it may', async () => {
    const clock = new ManualClock();
    const lambda = start({ clock });
    await lambda.add('single', SLOW_COUNTER, { reservedConcurrency: 1 });
    const first = lambda.invoke('single', { ms: 50 });

    const second = lambda.service.invoke({
      functionName: 'single',
      payload: '{"ms":0}',
      source: 'test',
      waitForEnvironmentMs: 100,
    });
    clock.advance(101);

    await expect(second).rejects.toMatchObject({ name: 'ThrottledError' });
    await first;
  });

  it('throttles every event of a function whose reserved concurrency is zero', async () => {
    const lambda = start();
    await lambda.add('off', COUNTER, { reservedConcurrency: 0 });

    await expect(lambda.invoke('off')).rejects.toMatchObject({ name: 'ThrottledError' });
  });

  it('uses the environment that was used last', async () => {
    const lambda = start();
    const held = await HeldHandler.start();
    await lambda.add('counter', held.source);
    const both = Promise.all([
      lambda.invoke('counter', { hold: true }),
      lambda.invoke('counter', { hold: true }),
    ]);
    await held.holds(2);
    held.letGo();
    await both;

    for (let count = 0; count < 4; count++) await lambda.invoke('counter', { hold: false });

    const invoked = lambda.activity
      .since()
      .flatMap((one) => (one.type === 'function-invoked' ? [one] : []));
    expect(invoked.filter(({ coldStart }) => coldStart)).toHaveLength(2);
    expect(new Set(invoked.slice(2).map(({ environmentId }) => environmentId)).size).toBe(1);
    held.close();
  });
});
