import { devNull } from 'node:os';
import { accessKeyIdOf } from '../endpoint/caller.ts';
import type { LocalContext } from '../local-context.ts';
import { logGroupOf, type FunctionConfiguration } from './function-configuration.ts';

/**
 * The whole environment of a function: its own variables and those that Lambda reserves, nothing of
 * this process. The credentials name the environment, so that the endpoint knows who calls.
 *
 * Not Lambda's: AWS_ENDPOINT_URL points the SDK here, and the two file names keep the profile of
 * whoever runs this out of the function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function environmentVariables(
  context: LocalContext,
  configuration: FunctionConfiguration,
  { environmentId, logStreamName }: { environmentId: string; logStreamName: string },
): Record<string, string> {
  return {
    ...configuration.environment,
    AWS_LAMBDA_FUNCTION_NAME: configuration.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(configuration),
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    AWS_LAMBDA_LOG_FORMAT: configuration.logFormat ?? 'Text',
    // Lambda filters by level what is written in JSON alone.
    ...(configuration.logFormat === 'JSON'
      ? { AWS_LAMBDA_LOG_LEVEL: configuration.applicationLogLevel ?? 'INFO' }
      : {}),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_ACCESS_KEY_ID: accessKeyIdOf(configuration.functionName, environmentId),
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: context.endpoint(),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    LAMBDA_TASK_ROOT: configuration.codeFolder,
    _HANDLER: configuration.handler,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  };
}
