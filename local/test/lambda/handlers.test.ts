import { afterAll, describe, expect, it } from '@jest/globals';
import { LocalLambda } from './local-lambda.ts';

const lambda = new LocalLambda();
afterAll(() => lambda.close());

const errorOf = async (functionName: string, event: unknown = {}): Promise<unknown> => {
  const result = await lambda.invoke(functionName, event);
  expect(result.functionError).toBe('Unhandled');
  return JSON.parse(result.payload) as unknown;
};

describe('loading a handler', () => {
  it('takes an ES module', async () => {
    await lambda.add('esm', 'export const handler = async (event) => event.value;');

    expect(await lambda.answerOf('esm', { value: 7 })).toBe(7);
  });

  it('takes a CommonJS module in a folder', async () => {
    const codeFolder = await lambda.packageOf({
      'main.cjs': 'exports.handler = async (event) => event.value;',
    });
    await lambda.add('cjs', '', { codeFolder, handler: 'main.handler' });

    expect(await lambda.answerOf('cjs', { value: 7 })).toBe(7);
  });

  it('awaits what the module awaits at its top level', async () => {
    await lambda.add(
      'top-level',
      'const value = await Promise.resolve(3); export const handler = async () => value;',
    );

    expect(await lambda.answerOf('top-level')).toBe(3);
  });

  it.each([
    {
      what: 'a module that is not there',
      source: '',
      handler: 'missing.handler',
      error: {
        errorType: 'Runtime.ImportModuleError',
        errorMessage: "Error: Cannot find module 'missing'",
      },
    },
    {
      what: 'an import that is not there',
      source: "import 'no-such-package'; export const handler = async () => 1;",
      handler: 'index.handler',
      error: {
        errorType: 'Runtime.ImportModuleError',
        errorMessage: expect.stringContaining("Cannot find package 'no-such-package'"),
      },
    },
    {
      what: 'a syntax error',
      source: 'export const handler = async () => {',
      handler: 'index.handler',
      error: {
        errorType: 'Runtime.UserCodeSyntaxError',
        errorMessage: 'SyntaxError: Unexpected end of input',
      },
    },
    {
      what: 'an export that is not there',
      source: 'export const other = 1;',
      handler: 'index.handler',
      error: {
        errorType: 'Runtime.HandlerNotFound',
        errorMessage: 'index.handler is undefined or not exported',
      },
    },
    {
      what: 'an export that is no function',
      source: 'export const handler = 1;',
      handler: 'index.handler',
      error: {
        errorType: 'Runtime.HandlerNotFound',
        errorMessage: 'index.handler is not a function',
      },
    },
    {
      what: 'a handler setting without an export',
      source: '',
      handler: 'index',
      error: { errorType: 'Runtime.MalformedHandlerName', errorMessage: 'Bad handler: index' },
    },
    {
      what: 'a handler that takes a callback, which Node.js 24 has no more',
      source: 'export const handler = (event, context, callback) => callback(null, 1);',
      handler: 'index.handler',
      error: { errorType: 'Runtime.CallbackHandlerDeprecated' },
    },
    {
      what: 'a module that throws',
      source: "throw new RangeError('TABLE is not set');",
      handler: 'index.handler',
      error: { errorType: 'RangeError', errorMessage: 'TABLE is not set' },
    },
    {
      what: 'a module that ends the process',
      source: 'process.exit(3);',
      handler: 'index.handler',
      error: { errorType: 'Runtime.ExitError' },
    },
  ])('reports $what', async ({ what, source, handler, error }) => {
    await lambda.add(what, source, { handler });

    expect(await errorOf(what)).toMatchObject(error);
    expect(await errorOf(what)).toMatchObject(error);
  });
});

describe('the answer of a handler', () => {
  it.each([
    { source: 'async () => ({ a: [1, null] })', payload: '{"a":[1,null]}' },
    { source: 'async () => undefined', payload: 'null' },
    { source: 'async () => () => 1', payload: 'null' },
    { source: '() => "not awaited"', payload: '"not awaited"' },
  ])('is JSON: $source', async ({ source, payload }) => {
    await lambda.add(source, `export const handler = ${source};`);

    expect(await lambda.invoke(source)).toMatchObject({
      payload,
      functionError: undefined,
      statusCode: 200,
    });
  });

  it('is an error when it has no JSON form', async () => {
    await lambda.add('bigint', 'export const handler = async () => 1n;');

    expect(await errorOf('bigint')).toMatchObject({
      errorMessage: 'Unable to stringify response body',
    });
  });
});

describe('a handler that fails', () => {
  it('gives the name, message and stack of its error', async () => {
    await lambda.add(
      'throws',
      `class OrderError extends Error { name = 'OrderError'; }
       export const handler = async () => { throw new OrderError('no such order'); };`,
    );

    const error = await errorOf('throws');

    expect(error).toMatchObject({ errorType: 'OrderError', errorMessage: 'no such order' });
    expect(error).toHaveProperty(
      'trace',
      expect.arrayContaining([expect.stringContaining('index.js')]),
    );
    expect(JSON.stringify(error)).not.toContain('[worker eval]');
  });

  it.each([
    { thrown: "'just text'", error: { errorType: 'string', errorMessage: 'just text' } },
    { thrown: 'undefined', error: { errorType: 'undefined', errorMessage: 'undefined' } },
    {
      thrown: '({ toString: () => "an object" })',
      error: { errorType: 'object', errorMessage: 'an object' },
    },
    { thrown: 'Object.create(null)', error: { errorType: 'object' } },
  ])('may throw $thrown', async ({ thrown, error }) => {
    await lambda.add(thrown, `export const handler = async () => { throw ${thrown}; };`);

    expect(await errorOf(thrown)).toMatchObject(error);
  });

  it('keeps its environment', async () => {
    await lambda.add(
      'recovers',
      `let count = 0;
       export const handler = async ({ fail }) => {
         count++;
         if (fail) throw new Error('as asked');
         return count;
       };`,
    );
    await lambda.invoke('recovers', { fail: true });

    expect(await lambda.answerOf('recovers')).toBe(2);
  });
});
