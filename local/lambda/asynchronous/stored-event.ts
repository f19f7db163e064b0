import * as z from 'zod';

/** An asynchronous event from its acceptance until a success or its last failure. */
export const storedEvent = z.object({
  requestId: z.string(),
  functionName: z.string(),
  payload: z.string(),
  source: z.string(),
  subjects: z.array(z.string()),
  /** Milliseconds since the epoch, as `dueAt`. */
  acceptedAt: z.number(),
  dueAt: z.number(),
  /** How often the function was run with it. */
  attempts: z.number(),
});

export type StoredEvent = z.infer<typeof storedEvent>;
