import * as z from 'zod';

const messageAttributeSchema = z.object({
  dataType: z.string(),
  stringValue: z.exactOptional(z.string()),
  binaryValue: z.exactOptional(z.string()),
});

export const publishedMessageSchema = z.object({
  messageId: z.string(),
  topicArn: z.string(),
  topicName: z.string(),
  /** What a protocol without a text of its own receives. */
  body: z.string(),
  /** Texts by protocol, from a message structure of `json`. */
  bodies: z.exactOptional(z.record(z.string(), z.string())),
  /** The Subject parameter. */
  subjectLine: z.exactOptional(z.string()),
  attributes: z.record(z.string(), messageAttributeSchema),
  /** Milliseconds since the epoch. */
  publishedAt: z.number(),
  signatureVersion: z.enum(['1', '2']),
  fifo: z.boolean(),
  groupId: z.exactOptional(z.string()),
  deduplicationId: z.exactOptional(z.string()),
  sequenceNumber: z.exactOptional(z.string()),
  /** See `Activity`. */
  subject: z.exactOptional(z.string()),
});

/** A message that a topic has accepted. */
export type PublishedMessage = z.infer<typeof publishedMessageSchema>;

export const bodyFor = (message: PublishedMessage, protocol: string): string =>
  message.bodies?.[protocol] ?? message.body;
