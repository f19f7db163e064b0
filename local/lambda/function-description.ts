import type { LocalContext } from '../local-context.ts';
import { functionArn, logGroupOf, type FunctionConfiguration } from './function-configuration.ts';

/**
 * A function as Lambda's API shows it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
 */
export function describeConfiguration(
  context: LocalContext,
  configuration: FunctionConfiguration,
): object {
  const { deadLetterTargetArn, role } = configuration;
  return {
    FunctionName: configuration.functionName,
    FunctionArn: functionArn(context, configuration.functionName),
    Runtime: 'nodejs24.x',
    Handler: configuration.handler,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memoryMb,
    Version: '$LATEST',
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    Environment: { Variables: configuration.environment },
    LoggingConfig: { LogFormat: 'Text', LogGroup: logGroupOf(configuration) },
    ...(role === undefined ? {} : { Role: role }),
    ...(deadLetterTargetArn === undefined
      ? {}
      : { DeadLetterConfig: { TargetArn: deadLetterTargetArn } }),
  };
}
