import * as z from 'zod';

export const emailSchema = z.object({
  messageId: z.string(),
  /** Milliseconds since the epoch. */
  sentAt: z.number(),
  from: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()),
  bcc: z.array(z.string()),
  replyTo: z.array(z.string()),
  subject: z.string(),
  html: z.string().optional(),
  text: z.string().optional(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  /** The whole message when it was sent raw (RFC 5322). */
  raw: z.string().optional(),
});

/** A sent e-mail as it is kept and shown. */
export type Email = z.infer<typeof emailSchema>;
