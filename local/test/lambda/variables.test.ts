import { afterAll, describe, expect, it } from '@jest/globals';
import { LocalLambda } from './local-lambda.ts';

const lambda = new LocalLambda();
afterAll(() => lambda.close());

const VARIABLES = 'export const handler = async () => process.env;';

describe('the variables of a function', () => {
  it('include those of the runtime', async () => {
    const { codeFolder } = await lambda.add('variables', VARIABLES);

    expect(await lambda.answerOf('variables')).toMatchObject({
      AWS_SESSION_TOKEN: expect.any(String),
      LAMBDA_RUNTIME_DIR: '/var/runtime',
      LAMBDA_TASK_ROOT: codeFolder,
      NODE_PATH: expect.stringMatching(/^\/opt\/nodejs\/node24\/node_modules:/),
      LANG: 'en_US.UTF-8',
      AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
      AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
      _AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1',
      _AWS_XRAY_DAEMON_PORT: '2000',
      AWS_LAMBDA_LOG_FORMAT: 'Text',
      _X_AMZN_TRACE_ID: expect.stringMatching(
        /^Root=1-[\da-f]{8}-[\da-f]{24};Parent=[\da-f]{16};Sampled=0$/,
      ),
    });
  });

  it('win over those of the runtime that are not reserved', async () => {
    const environment = {
      TZ: 'Asia/Tokyo',
      LANG: 'de_DE.UTF-8',
      PATH: '/opt/bin',
      NODE_PATH: '/x',
    };
    await lambda.add('own', VARIABLES, { environment });

    expect(await lambda.answerOf('own')).toMatchObject(environment);
  });

  it('may not be reserved ones', async () => {
    const environment = { AWS_REGION: 'eu-west-1', TABLE: 'orders', _HANDLER: 'x' };

    await expect(lambda.add('reserved', VARIABLES, { environment })).rejects.toThrow(
      'contain reserved keys: AWS_REGION, _HANDLER',
    );
  });

  it('name the runtime that the function asks for', async () => {
    await lambda.add('older', VARIABLES, { runtime: 'nodejs22.x' });

    expect(await lambda.answerOf('older')).toMatchObject({
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    });
  });
});

describe('the time zone of a function', () => {
  it.each([
    { environment: {}, hours: 0 },
    { environment: { TZ: 'Asia/Tokyo' }, hours: 9 },
  ])(
    'with $environment is $hours hours from UTC, whatever the host’s',
    async ({ environment, hours }) => {
      const name = `zone${hours}`;
      await lambda.add(
        name,
        'export const handler = async () => -new Date(0).getTimezoneOffset() / 60;',
        { environment },
      );

      expect(await lambda.answerOf(name)).toBe(hours);
    },
  );
});
