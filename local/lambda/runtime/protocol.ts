/** What passes between an execution environment's worker and the process that runs it. */

/** How Lambda words a failure: the payload of an answer with `X-Amz-Function-Error`. */
export interface ErrorReport {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

/** Given to a worker when it starts. */
export interface EnvironmentSettings {
  codeFolder: string;
  handler: string;
  functionName: string;
  invokedFunctionArn: string;
  memoryMb: number;
  logGroupName: string;
  logStreamName: string;
  /** Where compiled code is kept for the next environment; none is kept without it. */
  compileCacheFolder: string | undefined;
}

export interface InvokeRequest {
  requestId: string;
  payload: string;
  /** Milliseconds since the epoch at which the function times out. */
  deadline: number;
}

export type EnvironmentReport =
  | { type: 'ready' }
  | { type: 'init-failed'; error: ErrorReport }
  | { type: 'logged'; requestId: string | undefined; line: string }
  | { type: 'completed'; requestId: string; payload: string; heapBytes: number }
  /** `fatal`: the environment ends, as after an uncaught exception. */
  | { type: 'failed'; requestId: string; error: ErrorReport; heapBytes: number; fatal: boolean };
