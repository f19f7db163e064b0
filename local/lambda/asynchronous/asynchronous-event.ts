import * as z from 'zod';
import type { InvocationResult } from '../model/function-invoker.ts';

/** An asynchronous event from its acceptance until a success or its last failure. */
export const storedEvent = z.object({
  requestId: z.string(),
  functionName: z.string(),
  payload: z.string(),
  source: z.string(),
  subjects: z.array(z.string()),
  /** See `Clock.monotonic`, as `dueAt`. */
  acceptedAt: z.number(),
  /** When the next attempt is due. */
  dueAt: z.number(),
  /** How long that was to wait when it was stored, in milliseconds. */
  waitMs: z.number().default(0),
  /** How often the function was run with it. */
  attempts: z.number(),
});

export type StoredEvent = z.infer<typeof storedEvent>;

export type RecordCondition =
  'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

/**
 * The record that a destination of an asynchronous invocation receives, as JSON text.
 *
 * @param result undefined when the event grew too old before the function ran
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function invocationRecord(
  event: StoredEvent,
  {
    condition,
    functionArn,
    now,
    result,
  }: {
    condition: RecordCondition;
    functionArn: string;
    now: number;
    result: InvocationResult | undefined;
  },
): string {
  const record = {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: event.attempts,
    },
    requestPayload: JSON.parse(event.payload) as unknown,
    ...(result === undefined
      ? {}
      : {
          responseContext: {
            statusCode: result.statusCode,
            executedVersion: '$LATEST',
            ...(result.functionError === undefined ? {} : { functionError: result.functionError }),
          },
          responsePayload: JSON.parse(result.payload) as unknown,
        }),
  };
  return JSON.stringify(record);
}
