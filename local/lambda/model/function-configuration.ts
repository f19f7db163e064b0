import type { LocalContext } from '../../context/local-context.ts';

/** A function as its template resource describes it. */
export interface FunctionConfiguration {
  functionName: string;
  /** `dist/functions/buying/place-order.handler`: the path of a module and the name it exports. */
  handler: string;
  /** The unpacked deployment package (LAMBDA_TASK_ROOT). */
  codeFolder: string;
  environment: Record<string, string>;
  timeoutSeconds: number;
  memoryMb: number;
  /** Without it the function may have as many environments as the service's default says. */
  reservedConcurrency?: number | undefined;
  /** An SQS queue or SNS topic that takes an asynchronous event after its last failure. */
  deadLetterTargetArn?: string | undefined;
  /** A queue, topic or function that takes the record of an asynchronous invocation. */
  onFailureDestinationArn?: string | undefined;
  onSuccessDestinationArn?: string | undefined;
  /** Of an asynchronous invocation: 0 to 2, 2 unless set. */
  maximumRetryAttempts?: number | undefined;
  /** Of an asynchronous invocation: 60 to 21,600, 21,600 (six hours) unless set. */
  maximumEventAgeSeconds?: number | undefined;
  /** ARN of the execution role, for show: nothing here is refused for lack of a permission. */
  role?: string | undefined;
  /** `/aws/lambda/<function name>` unless set. */
  logGroup?: string | undefined;
  loggingConfig?: LoggingConfig | undefined;
  /** `nodejs22.x`; the newest unless set. What Node.js really runs it is this process's own. */
  runtime?: string | undefined;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html */
export interface LoggingConfig {
  /** `Text` unless set. */
  logFormat?: 'Text' | 'JSON' | undefined;
  /** Of the JSON format: the level from which the console is written, `INFO` unless set. */
  applicationLogLevel?: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL' | undefined;
  systemLogLevel?: 'DEBUG' | 'INFO' | 'WARN' | undefined;
}

export const functionArn = (context: LocalContext, functionName: string): string =>
  `arn:aws:lambda:${context.region}:${context.accountId}:function:${functionName}`;

export const logGroupOf = (configuration: FunctionConfiguration): string =>
  configuration.logGroup ?? `/aws/lambda/${configuration.functionName}`;

/**
 * The plain name in what a client may name a function by: a name, `name:$LATEST`, a partial ARN
 * (`123456789012:function:name`) or an ARN.
 */
export function functionNameOf(reference: string): string {
  const [, name] = /(?:^|:)function:([^:]+)/.exec(reference) ?? [];
  return name ?? reference.split(':')[0] ?? reference;
}

/** The version or alias of a function reference: `$LATEST` unless it says another. */
export function qualifierOf(reference: string): string {
  const [, ofArn] = /(?:^|:)function:[^:]+(?::(.+))?$/.exec(reference) ?? [];
  if (reference.includes('function:')) return ofArn ?? '$LATEST';
  return reference.split(':')[1] ?? '$LATEST';
}

const NEWEST_RUNTIME = 'nodejs24.x';

/** The identifier of a function's runtime and its version of Node.js. */
export function runtimeOf({ runtime = NEWEST_RUNTIME }: FunctionConfiguration): {
  name: string;
  version: number;
} {
  return { name: runtime, version: Number(/\d+/.exec(runtime)?.[0] ?? 24) };
}
