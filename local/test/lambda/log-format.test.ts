import { afterAll, describe, expect, it } from '@jest/globals';
import type { LoggingConfig } from '../../lambda/model/function-configuration.ts';
import { LocalLambda } from './local-lambda.ts';

const lambda = new LocalLambda();
afterAll(() => lambda.close());

const EVERY_LEVEL = `export const handler = async () => {
  for (const level of ['trace', 'debug', 'log', 'info', 'warn', 'error', 'fatal']) console[level](level);
};`;

async function logged(name: string, source: string, loggingConfig: LoggingConfig) {
  await lambda.add(name, source, { loggingConfig });
  const { logs, requestId } = await lambda.invoke(name);
  const lines = logs.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { lines: lines.filter(({ type }) => type === undefined), all: lines, requestId };
}

describe('the JSON log format', () => {
  it('makes an object of each console call', async () => {
    const source = `export const handler = async () => {
      console.log({ order: 'ORD-1' });
      console.warn('order %s', 'ORD-1');
      console.error('failed:', new RangeError('too many'));
    };`;

    const { lines, requestId } = await logged('objects', source, { logFormat: 'JSON' });

    expect(lines).toEqual([
      { timestamp: expect.any(String), level: 'INFO', requestId, message: { order: 'ORD-1' } },
      { timestamp: expect.any(String), level: 'WARN', requestId, message: 'order ORD-1' },
      {
        timestamp: expect.any(String),
        level: 'ERROR',
        requestId,
        message: expect.stringContaining('RangeError: too many'),
        errorType: 'RangeError',
        errorMessage: 'too many',
        stackTrace: expect.any(Array),
      },
    ]);
  });

  it.each([
    { applicationLogLevel: undefined, first: 'INFO', count: 5 },
    { applicationLogLevel: 'TRACE', first: 'TRACE', count: 7 },
    { applicationLogLevel: 'ERROR', first: 'ERROR', count: 2 },
    { applicationLogLevel: 'FATAL', first: 'FATAL', count: 1 },
  ] as const)(
    'writes from the level $applicationLogLevel up',
    async ({ applicationLogLevel, first, count }) => {
      const { lines } = await logged(`level-${applicationLogLevel}`, EVERY_LEVEL, {
        logFormat: 'JSON',
        applicationLogLevel,
      });

      expect(lines).toHaveLength(count);
      expect(lines[0]).toMatchObject({ level: first });
      expect(lines.at(-1)).toMatchObject({ level: 'FATAL', message: 'fatal' });
    },
  );

  it('holds for the lines of Lambda itself', async () => {
    const { all, requestId } = await logged('platform', EVERY_LEVEL, { logFormat: 'JSON' });

    expect(all[0]).toMatchObject({
      type: 'platform.start',
      record: { requestId, version: '$LATEST' },
    });
    expect(all.at(-1)).toMatchObject({
      type: 'platform.report',
      record: { requestId, status: 'success', metrics: { memorySizeMB: 128 } },
    });
  });

  it('says why an invocation failed', async () => {
    const source = `export const handler = async () => { throw new TypeError('broken'); };`;

    const { lines } = await logged('failing', source, { logFormat: 'JSON' });

    expect(lines).toMatchObject([
      { level: 'ERROR', message: { errorType: 'TypeError', errorMessage: 'broken' } },
    ]);
  });
});

describe('the text log format', () => {
  it('has console.fatal too', async () => {
    await lambda.add('fatal', EVERY_LEVEL);

    const { logs } = await lambda.invoke('fatal');

    expect(logs.map((line) => line.split('\t').slice(2).join(' '))).toEqual(
      expect.arrayContaining(['TRACE trace', 'FATAL fatal']),
    );
  });
});
