import type { LocalContext } from '../local-context.ts';

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
  /** `Text` unless set; AWS_LAMBDA_LOG_FORMAT. */
  logFormat?: 'JSON' | 'Text' | undefined;
  /** With the format JSON: the least level that is kept, INFO unless set; AWS_LAMBDA_LOG_LEVEL. */
  applicationLogLevel?: ApplicationLogLevel | undefined;
  systemLogLevel?: 'DEBUG' | 'INFO' | 'WARN' | undefined;
}

export type ApplicationLogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';

export const functionArn = (context: LocalContext, functionName: string): string =>
  `arn:aws:lambda:${context.region}:${context.accountId}:function:${functionName}`;

export const logGroupOf = (configuration: FunctionConfiguration): string =>
  configuration.logGroup ?? `/aws/lambda/${configuration.functionName}`;
