import { afterAll, describe, expect, it } from '@jest/globals';
import { LocalLambda } from './local-lambda.ts';

const lambda = new LocalLambda();
afterAll(() => lambda.close());

const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('an environment that has answered', () => {
  it('is frozen: its timers wait for the next event', async () => {
    await lambda.add(
      'timers',
      `let ticks = 0;
       export const handler = async ({ start }) => {
         if (start) setInterval(() => ticks++, 1);
         return ticks;
       };`,
    );
    await lambda.invoke('timers', { start: true });

    await pass(100);

    expect(Number(await lambda.answerOf('timers'))).toBeLessThan(20);
  });

  it('ends by what it left behind, and says so', async () => {
    await lambda.add(
      'late',
      `let count = 0;
       export const handler = async ({ leave }) => {
         if (leave) setImmediate(() => Promise.reject(new Error('left behind')));
         return ++count;
       };`,
    );

    const first = await lambda.answerOf('late', { leave: true });
    const logged = await lambda.activity.waitFor(
      'function-logged',
      ({ functionName, line }) => functionName === 'late' && line.includes('left behind'),
    );
    // Whether the next event meets the environment before or after its end, a later one finds another.
    await lambda.invoke('late', {});
    const later = await lambda.answerOf('late', {});

    expect(first).toBe(1);
    expect(logged.line).toContain('ERROR\tUnhandled Promise Rejection');
    expect(later).not.toBe(3);
  });
});

describe('a handler that can not answer any more', () => {
  it('fails at once when its promise is pending and its event loop empty', async () => {
    await lambda.add(
      'pending',
      `let count = 0;
       export const handler = async ({ wait }) => {
         count++;
         if (wait) await new Promise(() => {});
         return count;
       };`,
    );

    const { payload, functionError } = await lambda.invoke('pending', { wait: true });

    expect(functionError).toBe('Unhandled');
    expect(JSON.parse(payload)).toMatchObject({ errorType: 'Runtime.NodeJsExit' });
    expect(await lambda.answerOf('pending')).toBe(2);
  });
});

describe('an environment from outside', () => {
  it('can be killed, and fails its event', async () => {
    await lambda.add(
      'killed',
      `export const handler = async () => {
         console.log('running');
         await new Promise((resolve) => setTimeout(resolve, 60_000));
       };`,
    );
    const running = lambda.invoke('killed');
    await lambda.activity.waitFor('function-logged', ({ line }) => line.endsWith('running'));

    for (const environment of lambda.service.environmentsOf('killed')) environment.kill();

    expect((await running).payload).toContain('Runtime exited with error: signal: killed');
    expect(lambda.service.environmentsOf('killed')).toEqual([]);
  });

  it('can be stopped, and then runs into its timeout', async () => {
    await lambda.add('stopped', 'export const handler = async () => 1;', { timeoutSeconds: 0.3 });
    await lambda.invoke('stopped');
    const [environment] = lambda.service.environmentsOf('stopped');

    environment?.freeze();
    const { payload } = await lambda.invoke('stopped');

    expect(payload).toContain('Task timed out after 0.30 seconds');
  });
});
