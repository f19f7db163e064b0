import { PayloadTooLargeError } from '../errors.ts';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const REQUEST_LIMIT_BYTES = 6 * 1024 * 1024;
/** An asynchronous event; 256 KB until late 2025. */
export const EVENT_LIMIT_BYTES = 1024 * 1024;
/** Lambda leaves an answer a hundred bytes more than a request. */
export const RESPONSE_LIMIT_BYTES = REQUEST_LIMIT_BYTES + 100;

export interface InvocationResult {
  requestId: string;
  statusCode: number;
  /** `Unhandled` when the function failed; the payload then holds errorType and errorMessage. */
  functionError: 'Unhandled' | undefined;
  /** The function's answer as JSON text (`null` when it returned nothing). */
  payload: string;
  /** The log lines of this invocation, with Lambda's START, END and REPORT around them. */
  logs: string[];
}

export interface Invocation {
  functionName: string;
  /** The event as JSON text. */
  payload: string;
  /** What invoked it, shown in activities: `SQS OrderIntakeQueue`, `SNS OrderEvents`, `client`. */
  source: string;
  subjects?: string[];
  /**
   * How long to wait for an environment when every one is busy, in milliseconds. Without it a
   * synchronous invocation is throttled at once, as on AWS.
   */
  waitForEnvironmentMs?: number;
  /** What the caller sent as `X-Amz-Client-Context`, decoded. */
  clientContext?: unknown;
  /** Ends the wait for an environment (with ThrottledError); a handler that runs is left alone. */
  signal?: AbortSignal;
}

/** Lambda as the other emulated services reach it, without HTTP. */
export interface FunctionInvoker {
  functionExists(functionName: string): boolean;
  /**
   * Runs the function and waits for its answer (RequestResponse).
   *
   * @throws ThrottledError
   * @throws FunctionNotFoundError
   * @throws PayloadTooLargeError past 6 MB
   */
  invoke(invocation: Invocation): Promise<InvocationResult>;
  /**
   * Accepts the event (InvocationType Event); it is retried twice when the function fails and then
   * goes to the function's destination or dead-letter queue. Resolves once the event is stored.
   *
   * @throws FunctionNotFoundError
   * @throws PayloadTooLargeError past 1 MB
   */
  invokeAsync(invocation: Invocation): Promise<{ requestId: string }>;
}

/** What an event source mapping must know of the function it feeds. */
export interface FunctionLimits {
  timeoutSeconds: number;
  /** How many environments the function may have. */
  concurrency: number;
}

export interface FunctionDirectory {
  limitsOf(functionName: string): FunctionLimits | undefined;
}

/** @throws PayloadTooLargeError */
export function requireSize(payload: string, limit: number, operation: string): void {
  if (payload.length * 3 <= limit || Buffer.byteLength(payload) <= limit) return;
  throw new PayloadTooLargeError(
    `Request must be smaller than ${limit} bytes for the ${operation} operation`,
  );
}
