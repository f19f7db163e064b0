import { invalidValue } from './errors.ts';
import { MAXIMUM_VISIBILITY_SECONDS } from './limits.ts';

/** @throws AwsError InvalidParameterValue */
export function requireVisibilityTimeout(seconds: number): void {
  if (seconds >= 0 && seconds <= MAXIMUM_VISIBILITY_SECONDS) return;
  throw invalidValue(
    seconds,
    'VisibilityTimeout',
    `Must be between 0 and ${MAXIMUM_VISIBILITY_SECONDS}, if provided.`,
  );
}

/**
 * A message can be hidden for 12 hours from its receive, however often the timeout is extended.
 *
 * @param elapsedMs since the receive
 * @throws AwsError InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export function requireTotalVisibility(elapsedMs: number, seconds: number): void {
  if (elapsedMs + seconds * 1000 <= MAXIMUM_VISIBILITY_SECONDS * 1000) return;
  throw invalidValue(
    seconds,
    'VisibilityTimeout',
    `Total VisibilityTimeout for the message is beyond the limit [${MAXIMUM_VISIBILITY_SECONDS} seconds]`,
  );
}
