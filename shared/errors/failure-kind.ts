import { PermanentError } from './permanent-error.ts';
import { TransientError } from './transient-error.ts';

export type FailureKind = 'permanent' | 'transient';

/** Names that AWS services and the network stack give to failures which pass by themselves. */
const TRANSIENT_NAMES: ReadonlySet<string> = new Set([
  'AbortError',
  'InternalServerError',
  'KMSThrottlingException',
  'KmsThrottled',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestTimeout',
  'ServiceUnavailable',
  'Throttled',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
]);

const NETWORK_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * Tells failures apart by what the error is, not by what its message says. Anything unknown, a
 * programming error for one, is permanent: waiting does not mend it, and calling it transient would
 * hide it. Throttling and 5xx follow
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof TransientError) return 'transient';
  if (error instanceof PermanentError || !(error instanceof Error)) return 'permanent';
  if (TRANSIENT_NAMES.has(error.name)) return 'transient';
  if ('code' in error && typeof error.code === 'string' && NETWORK_CODES.has(error.code)) {
    return 'transient';
  }
  const status = httpStatusOf(error);
  return status !== undefined && (status >= 500 || status === 429) ? 'transient' : 'permanent';
}

/** The status in the `$metadata` that the AWS SDK attaches to the errors of a service. */
function httpStatusOf(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) {
    return undefined;
  }
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** Anything can be thrown in JavaScript; this makes an Error of it and keeps it as the cause. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error
    ? thrown
    : new PermanentError('A value that is no Error was thrown', {}, { cause: thrown });
}
