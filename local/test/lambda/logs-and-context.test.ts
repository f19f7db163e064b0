import { afterAll, describe, expect, it } from '@jest/globals';
import { LocalLambda } from './local-lambda.ts';

const lambda = new LocalLambda();
afterAll(() => lambda.close());

const TIMED = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t/;

describe('the log of an invocation', () => {
  it('has what the handler writes to the console, with time, request and level', async () => {
    await lambda.add(
      'console',
      `export const handler = async () => {
         console.log('order %s', 'ORD-1', { state: 'Placed' });
         console.warn('two\\nlines');
         console.error(new RangeError('bad').message);
       };`,
    );

    const { logs, requestId } = await lambda.invoke('console');

    expect(logs.slice(1, -2).map((line) => line.replace(TIMED, ''))).toEqual([
      `${requestId}\tINFO\torder ORD-1 { state: 'Placed' }`,
      `${requestId}\tWARN\ttwo\nlines`,
      `${requestId}\tERROR\tbad`,
    ]);
  });

  it('has what the handler writes to the streams, line by line', async () => {
    await lambda.add(
      'streams',
      `export const handler = async () => {
         process.stdout.write('{"level":');
         process.stdout.write('"INFO"}\\nsecond\\nunfinished');
         process.stderr.write(Buffer.from('to stderr\\n'));
       };`,
    );

    const { logs } = await lambda.invoke('streams');

    expect(logs.slice(1, -2)).toEqual(['{"level":"INFO"}', 'second', 'to stderr', 'unfinished']);
  });

  it('tells each line as an activity', async () => {
    await lambda.add('told', `export const handler = async () => console.log('hello');`);

    const { requestId } = await lambda.invoke('told');

    const logged = await lambda.activity.waitFor(
      'function-logged',
      ({ functionName }) => functionName === 'told',
    );
    expect(logged).toMatchObject({ requestId, line: expect.stringContaining('\tINFO\thello') });
  });

  it('keeps the invocations of one environment apart', async () => {
    await lambda.add('apart', 'export const handler = async (event) => console.log(event.name);');

    const first = await lambda.invoke('apart', { name: 'first' });
    const second = await lambda.invoke('apart', { name: 'second' });

    expect(first.logs.join()).not.toContain('second');
    expect(second.logs.join()).not.toContain('first');
    expect(first.logs.at(-1)).toContain('Init Duration');
    expect(second.logs.at(-1)).not.toContain('Init Duration');
  });

  it('has what the module wrote while it was loaded, and why the handler failed', async () => {
    await lambda.add(
      'loading',
      `console.log('loading');
       export const handler = async () => { throw new TypeError('broken'); };`,
    );

    const { logs } = await lambda.invoke('loading');

    expect(logs.join('\n')).toMatch(/INFO\tloading[\s\S]*ERROR\tInvoke Error.*"TypeError"/);
  });
});

describe('the context of an invocation', () => {
  it('has everything that Lambda puts into it', async () => {
    await lambda.add(
      'context',
      `export const handler = async (event, context) => ({
         ...context, remaining: context.getRemainingTimeInMillis() });`,
      { timeoutSeconds: 3, memoryMb: 256 },
    );

    const { payload, requestId } = await lambda.invoke('context');

    const context: unknown = JSON.parse(payload);
    expect(context).toEqual({
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      functionName: 'context',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:context',
      memoryLimitInMB: '256',
      logGroupName: '/aws/lambda/context',
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][\da-f]{32}$/),
      remaining: expect.any(Number),
    });
    expect(context).toHaveProperty('remaining', expect.any(Number));
    const { remaining } = context as { remaining: number };
    expect(remaining).toBeGreaterThan(1_000);
    expect(remaining).toBeLessThanOrEqual(3_000);
  });
});

describe('an answer', () => {
  it('may be 6 MB and no more', async () => {
    await lambda.add('large', `export const handler = async ({ size }) => 'x'.repeat(size - 2);`, {
      memoryMb: 512,
    });

    const fits = await lambda.invoke('large', { size: 6 * 1024 * 1024 + 100 });
    const tooLarge = await lambda.invoke('large', { size: 6 * 1024 * 1024 + 101 });

    expect(fits.functionError).toBeUndefined();
    expect(JSON.parse(tooLarge.payload)).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
  });
});
