import { afterEach, describe, expect, it } from '@jest/globals';
import { LocalLambda } from './local-lambda.ts';

const open: LocalLambda[] = [];
const start = (): LocalLambda => {
  const lambda = new LocalLambda();
  open.push(lambda);
  return lambda;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((lambda) => lambda.close()));
});

const saying = (word: string): string => `
  let count = 0;
  export const handler = async ({ ms = 0 } = {}) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return '${word} ' + ++count;
  };`;

describe('replaced code', () => {
  it('runs from the next event on, in new environments', async () => {
    const lambda = start();
    await lambda.add('word', saying('old'));
    await lambda.answerOf('word');

    await lambda.service.replaceCode('word', await lambda.packageOf({ 'index.js': saying('new') }));

    expect(await lambda.answerOf('word')).toBe('new 1');
  });

  it('leaves the event that runs to the code it started with', async () => {
    const lambda = start();
    await lambda.add('word', saying('old'));
    const running = lambda.answerOf('word', { ms: 100 });
    await lambda.activity.waitFor('function-invoked');

    await lambda.service.replaceCode('word', await lambda.packageOf({ 'index.js': saying('new') }));
    const during = await lambda.answerOf('word');
    const old = await running;

    expect([old, during, await lambda.answerOf('word')]).toEqual(['old 1', 'new 1', 'new 2']);
  });

  it('that can not be loaded shows with the next event, and can be repaired', async () => {
    const lambda = start();
    await lambda.add('word', saying('old'));
    await lambda.service.replaceCode('word', await lambda.packageOf({ 'index.js': 'export {' }));

    const broken = await lambda.invoke('word');
    await lambda.service.replaceCode('word', await lambda.packageOf({ 'index.js': saying('new') }));

    expect(JSON.parse(broken.payload)).toMatchObject({ errorType: 'Runtime.UserCodeSyntaxError' });
    expect(await lambda.answerOf('word')).toBe('new 1');
  });

  it('needs a function to replace', () => {
    expect(() => start().service.replaceCode('nobody', '/nowhere')).toThrow(
      'There is no function nobody',
    );
  });
});
