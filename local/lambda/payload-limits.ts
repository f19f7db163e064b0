import { PayloadTooLargeError } from './function-invoker.ts';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const REQUEST_LIMIT_BYTES = 6 * 1024 * 1024;
/** An asynchronous event; 256 KB until late 2025. */
export const EVENT_LIMIT_BYTES = 1024 * 1024;
/** Lambda leaves an answer a hundred bytes more than a request. */
export const RESPONSE_LIMIT_BYTES = REQUEST_LIMIT_BYTES + 100;

/** @throws PayloadTooLargeError */
export function requireSize(payload: string, limit: number, operation: string): void {
  if (payload.length * 3 <= limit || Buffer.byteLength(payload) <= limit) return;
  throw new PayloadTooLargeError(
    `Request must be smaller than ${limit} bytes for the ${operation} operation`,
  );
}
