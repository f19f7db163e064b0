import { devNull } from 'node:os';
import { accessKeyIdOf } from '../../endpoint/caller.ts';
import type { LocalContext } from '../../context/local-context.ts';
import { ReservedVariableError } from '../errors.ts';
import {
  logGroupOf,
  runtimeOf,
  type FunctionConfiguration,
} from '../model/function-configuration.ts';

/** `TZ` is in Lambda's list too, but a function may set it. */
const RESERVED = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

/** @throws ReservedVariableError */
export function checkVariables({ functionName, environment }: FunctionConfiguration): void {
  const reserved = Object.keys(environment).filter((name) => RESERVED.has(name));
  if (reserved.length > 0) throw new ReservedVariableError(functionName, reserved);
}

/**
 * The whole environment of a function: its own variables and those of Lambda, nothing of this
 * process but the path to programs and the connection of a debugger. The credentials name the
 * environment, so that the endpoint knows who calls.
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
  const runtime = runtimeOf(configuration);
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    NODE_PATH: [
      `/opt/nodejs/node${runtime.version}/node_modules`,
      '/opt/nodejs/node_modules',
      '/var/runtime/node_modules',
    ].join(':'),
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: `${XRAY_DAEMON.address}:${XRAY_DAEMON.port}`,
    _AWS_XRAY_DAEMON_ADDRESS: XRAY_DAEMON.address,
    _AWS_XRAY_DAEMON_PORT: XRAY_DAEMON.port,
    ...debuggerVariables(),
    ...configuration.environment,
    ...loggingVariables(configuration),
    AWS_LAMBDA_FUNCTION_NAME: configuration.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(configuration),
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime.name}`,
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_ACCESS_KEY_ID: accessKeyIdOf(configuration.functionName, environmentId),
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_ENDPOINT_URL: context.endpoint(),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    LAMBDA_TASK_ROOT: configuration.codeFolder,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    _HANDLER: configuration.handler,
  };
}

/** Where nobody listens: on AWS it is a link-local address, which must not be asked from here. */
const XRAY_DAEMON = { address: '127.0.0.1', port: '2000' };

function loggingVariables({ loggingConfig }: FunctionConfiguration): Record<string, string> {
  if (loggingConfig?.logFormat !== 'JSON') return { AWS_LAMBDA_LOG_FORMAT: 'Text' };
  return {
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_LEVEL: loggingConfig.applicationLogLevel ?? 'INFO',
  };
}

/** An editor's debugger follows into child processes by these. */
function debuggerVariables(): Record<string, string> {
  const { NODE_OPTIONS: options, VSCODE_INSPECTOR_OPTIONS: inspector } = process.env;
  if (inspector === undefined || options === undefined) return {};
  return { NODE_OPTIONS: options, VSCODE_INSPECTOR_OPTIONS: inspector };
}
