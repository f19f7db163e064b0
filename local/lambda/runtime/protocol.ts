import * as z from 'zod';

/**
 * What passes between an execution environment's process and the one that started it, as frames on
 * file descriptor 3. The process is given its settings and then one event after another; it answers
 * with reports.
 */

/** How Lambda words a failure: the payload of an answer with `X-Amz-Function-Error`. */
const errorReport = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  trace: z.array(z.string()).optional(),
});

export type ErrorReport = z.infer<typeof errorReport>;

export interface EnvironmentSettings {
  codeFolder: string;
  handler: string;
  /** The version of the function's runtime: 22 for nodejs22.x. */
  nodeVersion: number;
  functionName: string;
  invokedFunctionArn: string;
  memoryMb: number;
  logGroupName: string;
  logStreamName: string;
  /** Where compiled code is kept for the next environment; none is kept without it. */
  compileCacheFolder?: string | undefined;
}

/** The frame's text is the event. */
export interface InvokeRequest {
  requestId: string;
  /** Milliseconds since the epoch at which the function times out; never without it. */
  deadline?: number | undefined;
  /** What the caller sent as `X-Amz-Client-Context`, decoded. */
  clientContext?: unknown;
}

const heapBytes = z.number();

export const environmentReport = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('init-failed'), error: errorReport }),
  z.object({ type: z.literal('logged'), requestId: z.string().optional(), line: z.string() }),
  /** The frame's text is the answer. */
  z.object({ type: z.literal('completed'), requestId: z.string(), heapBytes }),
  z.object({
    type: z.literal('failed'),
    requestId: z.string(),
    error: errorReport,
    heapBytes,
    /** The environment ends, as after an uncaught exception. */
    fatal: z.boolean(),
  }),
]);

export type EnvironmentReport = z.infer<typeof environmentReport>;
