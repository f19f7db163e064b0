import * as z from 'zod';

/** A move task as it is stored. Times are milliseconds since the epoch. */
export const moveTaskRecord = z.object({
  id: z.string(),
  sourceArn: z.string(),
  /** Absent: every message goes back to the queue it was a poison message of. */
  destinationArn: z.string().optional(),
  maxNumberOfMessagesPerSecond: z.number().optional(),
  status: z.enum(['RUNNING', 'COMPLETED', 'CANCELLING', 'CANCELLED', 'FAILED']),
  moved: z.number(),
  /** How many messages there were to move when the task started. */
  toMove: z.number(),
  failureReason: z.string().optional(),
  startedAt: z.number(),
});
export type MoveTaskRecord = z.infer<typeof moveTaskRecord>;
