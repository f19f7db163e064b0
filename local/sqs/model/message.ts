import * as z from 'zod';
import { nameOfCaller } from '../../endpoint/caller.ts';
import type { QueueSender } from '../queue.ts';
import { MAXIMUM_VISIBILITY_SECONDS } from './limits.ts';

const messageAttribute = z.object({
  dataType: z.string(),
  stringValue: z.exactOptional(z.string()),
  binaryValue: z.exactOptional(z.string()),
});

/** What a message says: fixed when it is sent, and kept when it moves to another queue. */
const messageContent = z.object({
  body: z.string(),
  md5OfBody: z.string(),
  attributes: z.record(z.string(), messageAttribute),
  md5OfAttributes: z.string().optional(),
  traceHeader: z.string().optional(),
  groupId: z.string().optional(),
  deduplicationId: z.string().optional(),
  senderId: z.string(),
  subject: z.string().optional(),
});
export type MessageContent = z.infer<typeof messageContent>;

/**
 * Where a message is in its life: not yet visible for the first time, to be had, with a consumer,
 * or no longer in the queue.
 */
export type Phase = 'delayed' | 'visible' | 'in-flight' | 'gone';

/** A message as it is stored. Times are milliseconds since the epoch. */
export const messageRecord = z.object({
  id: z.string(),
  content: messageContent,
  sentAt: z.number(),
  /** FIFO queues: 20 digits. */
  sequenceNumber: z.string().optional(),
  /** The queue it was a poison message of. */
  deadLetterSourceArn: z.string().optional(),
  phase: z.enum(['delayed', 'visible', 'in-flight', 'gone']),
  /** When a delayed message, or one in flight, becomes visible (`Clock.monotonic`). */
  dueAt: z.number(),
  /** How long that was when the delay or the timeout began, in milliseconds. */
  waitMs: z.number().default(MAXIMUM_VISIBILITY_SECONDS * 1000),
  /** Across all queues, as ApproximateReceiveCount is defined. */
  receiveCount: z.number(),
  /** In this queue alone: what a redrive policy counts. */
  receivesHere: z.number(),
  firstReceivedAt: z.number().optional(),
  /** The last receive (`Clock.monotonic`). */
  receivedAt: z.number().optional(),
});
export type MessageRecord = z.infer<typeof messageRecord>;

export const bySequenceNumber = (left: MessageRecord, right: MessageRecord): number =>
  (left.sequenceNumber ?? '') < (right.sequenceNumber ?? '') ? -1 : 1;

/** A message in a queue's memory. */
export interface QueueMessage extends MessageRecord {
  /** Its place in the heap of deadlines, -1 when it has none. */
  heapIndex: number;
  /** Counts the messages as they were sent, so that two of them can be put in order. */
  position: number;
}

export const toMessage = (record: MessageRecord): QueueMessage => ({
  ...record,
  heapIndex: -1,
  position: 0,
});

export function toRecord(message: QueueMessage): MessageRecord {
  const { heapIndex: _heapIndex, position: _position, ...record } = message;
  return record;
}

/**
 * What the system attribute SenderId shows: the access key of a client, the role session of a
 * function, the principal of an AWS service.
 */
export function senderIdOf(sender: QueueSender): string {
  if (sender.kind === 'service') return `${sender.service}.amazonaws.com`;
  return sender.caller.kind === 'client'
    ? sender.caller.accessKeyId
    : `AROALOCALFUNCTION:${nameOfCaller(sender.caller)}`;
}

/** What XML 1.0 can't carry; a lone surrogate counts, a pair does not. */
const OUTSIDE_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * The first character of `text` that a message may not contain, written as AWS writes it (`#x1`).
 *
 * @see https://www.w3.org/TR/REC-xml/#charsets
 */
export function characterOutsideXml(text: string): string | undefined {
  const character = OUTSIDE_XML.exec(text)?.[0];
  return character === undefined
    ? undefined
    : `#x${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
}
