import * as z from 'zod';
import type { MessageAttribute, ReceivedMessage } from '../../sqs/queue.ts';

/** A message with its record in the event, written once. */
export interface EventRecord {
  message: ReceivedMessage;
  /** JSON text. */
  json: string;
  bytes: number;
}

/** What Lambda takes as one synchronous event. */
export const EVENT_LIMIT_BYTES = 6 * 1024 * 1024;
const ENVELOPE = { head: '{"Records":[', tail: ']}' };

export interface RecordSource {
  queueArn: string;
  /**
   * True for a mapping with a batching window. On AWS its records then show
   * `md5OfMessageAttributes` as null; otherwise the key is absent from a message without attributes.
   */
  windowed: boolean;
}

/**
 * Writes a message as Lambda shows it to a function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function recordOf(message: ReceivedMessage, source: RecordSource): EventRecord {
  const digest = source.windowed ? null : message.md5OfMessageAttributes;
  const json = JSON.stringify({
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.systemAttributes,
    messageAttributes: attributesOf(message.messageAttributes),
    ...(digest === undefined ? {} : { md5OfMessageAttributes: digest }),
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: source.queueArn,
    awsRegion: source.queueArn.split(':')[3],
  });
  return { message, json, bytes: Buffer.byteLength(json) };
}

function attributesOf(attributes: Record<string, MessageAttribute>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      {
        ...(stringValue === undefined ? {} : { stringValue }),
        ...(binaryValue === undefined ? {} : { binaryValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType,
      },
    ]),
  );
}

/** The event of one invocation, as JSON text. */
export const eventOf = (records: readonly EventRecord[]): string =>
  ENVELOPE.head + records.map(({ json }) => json).join(',') + ENVELOPE.tail;

/** Cuts a batch into events that Lambda takes, in order. */
export function splitBySize(
  records: readonly EventRecord[],
  limit = EVENT_LIMIT_BYTES,
): EventRecord[][] {
  const events: EventRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const needed = record.bytes + 1;
    let event = events.at(-1);
    if (!event || needed > room) {
      event = [];
      events.push(event);
      room = limit - ENVELOPE.head.length - ENVELOPE.tail.length;
    }
    event.push(record);
    room -= needed;
  }
  return events;
}

const itemFailures = z.object({
  batchItemFailures: z.nullish(z.array(z.object({ itemIdentifier: z.string().min(1) }))),
});

/**
 * Reads which messages of a batch a function reports as failed. An answer that says nothing
 * (`null`, an empty string, list or object, an empty or null list of failures) is a success of all;
 * one that can't be read, or names a message that is not in the batch, a failure of all.
 *
 * @param payload the function's answer as JSON text
 * @returns the ids of the failed messages
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failedIdsOf(payload: string, messageIds: readonly string[]): Set<string> {
  const answer: unknown = JSON.parse(payload);
  if (answer === null || answer === '' || (Array.isArray(answer) && answer.length === 0)) {
    return new Set();
  }
  const { success, data } = itemFailures.safeParse(answer);
  if (!success) return new Set(messageIds);
  const failed = new Set((data.batchItemFailures ?? []).map((item) => item.itemIdentifier));
  return [...failed].every((id) => messageIds.includes(id)) ? failed : new Set(messageIds);
}
