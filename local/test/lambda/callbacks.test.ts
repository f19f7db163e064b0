import { afterAll, describe, expect, it } from '@jest/globals';
import { LocalLambda } from './local-lambda.ts';

const lambda = new LocalLambda();
afterAll(() => lambda.close());

const invoke = async (name: string, handler: string, runtime: string) => {
  await lambda.add(name, `export const handler = ${handler};`, { runtime });
  return lambda.invoke(name);
};

describe('up to the Node.js 22 runtime a handler', () => {
  it.each([
    { how: 'callback', handler: '(event, context, callback) => callback(null, 1)', payload: '1' },
    { how: 'context.succeed', handler: '(event, context) => context.succeed(2)', payload: '2' },
    { how: 'context.done', handler: '(event, context) => context.done(null, 3)', payload: '3' },
    { how: 'no answer at all', handler: '() => 4', payload: 'null' },
    { how: 'a promise', handler: 'async () => 5', payload: '5' },
  ])('may answer by $how', async ({ how, handler, payload }) => {
    expect(await invoke(how, handler, 'nodejs22.x')).toMatchObject({
      payload,
      functionError: undefined,
    });
  });

  it('may call back with an error', async () => {
    const handler = "(event, context, callback) => callback(new RangeError('refused'))";

    const { payload } = await invoke('refusing', handler, 'nodejs20.x');

    expect(JSON.parse(payload)).toMatchObject({ errorType: 'RangeError', errorMessage: 'refused' });
  });

  it.each([
    { waits: true, logs: 1 },
    { waits: false, logs: 0 },
  ])('answers when its event loop is empty: $waits', async ({ waits, logs }) => {
    const result = await invoke(
      `waits-${waits}`,
      `(event, context, callback) => {
         context.callbackWaitsForEmptyEventLoop = ${waits};
         setTimeout(() => console.log('still at work'), 50);
         callback(null, 1);
       }`,
      'nodejs22.x',
    );

    expect(result.logs.filter((line) => line.includes('still at work'))).toHaveLength(logs);
  });
});

describe('from the Node.js 24 runtime on a handler', () => {
  it('may not take a callback', async () => {
    const handler = '(event, context, callback) => callback(null, 1)';

    const { payload } = await invoke('too-late', handler, 'nodejs24.x');

    expect(JSON.parse(payload)).toMatchObject({ errorType: 'Runtime.CallbackHandlerDeprecated' });
  });
});
