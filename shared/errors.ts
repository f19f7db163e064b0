import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';

/** What an error or a log line is about: ids only, never personal data. */
export type Identifiers = Readonly<Record<string, string | number>>;

export type FailureKind = 'permanent' | 'transient';

/** What both kinds of failure have in common: it says what it is about, and whether to try again. */
abstract class Failure extends Error {
  abstract readonly kind: FailureKind;
  readonly identifiers: Identifiers;

  constructor(message: string, identifiers: Identifiers = {}, options?: ErrorOptions) {
    super(message, options);
    this.identifiers = identifiers;
  }
}

/**
 * Trying again will not help: the message or the request itself is wrong. A message that fails so
 * still goes back to its queue, which moves it to its dead-letter queue after maxReceiveCount.
 */
export class PermanentError extends Failure {
  override readonly name: string = 'PermanentError';
  readonly kind = 'permanent';
}

/** Trying again later may help: something this work depends on was not there or not ready. */
export class TransientError extends Failure {
  override readonly name: string = 'TransientError';
  readonly kind = 'transient';
}

/**
 * KMS has names of its own for throttling, and a request that runs out of time is aborted. The SDK
 * tries neither again by itself.
 */
const OTHERS_THAT_PASS: ReadonlySet<string> = new Set([
  'AbortError',
  'InternalServerError',
  'KMSThrottlingException',
  'KmsThrottled',
  'ServiceUnavailable',
  'Throttled',
]);

/**
 * Tells failures apart by what the error is, not by what its message says, and by the same rules
 * as the SDK's own retries. Anything unknown, a programming error for one, is permanent: waiting
 * does not mend it, and calling it transient would hide it.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof Failure) return error.kind;
  if (!isSdkError(error)) return 'permanent';
  const passes =
    isThrottlingError(error) ||
    isTransientError(error) ||
    isServerError(error) ||
    OTHERS_THAT_PASS.has(error.name);
  return passes ? 'transient' : 'permanent';
}

type SdkError = Parameters<typeof isTransientError>[0];
const MAX_CAUSES = 10;

/** The SDK looks at an error's causes too, and takes them for errors. */
function isSdkError(error: unknown, depth = 0): error is SdkError {
  if (!(error instanceof Error)) return false;
  return error.cause === undefined || depth > MAX_CAUSES || isSdkError(error.cause, depth + 1);
}

/** Anything can be thrown in JavaScript; this makes an Error of it and keeps it as the cause. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error
    ? thrown
    : new PermanentError('A value that is no Error was thrown', {}, { cause: thrown });
}

/** Resolves with a conditional write's answer, or with undefined when its condition refused it. */
export async function unlessRefused<Answer>(write: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
