import type { OutgoingMessage } from './outgoing-message.ts';

/** SendMessageBatch and PublishBatch take ten entries at most. */
export const MAX_ENTRIES = 10;

/**
 * All entries of a PublishBatch together: 256 KiB. SQS takes 1 MiB since August 2025; one limit for
 * both keeps what is sent to a queue fit to be published too.
 * https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
 */
export const MAX_BATCH_BYTES = 256 * 1024;

/** What counts against the limit: the body and every attribute's name, type and value, in bytes. */
export function messageBytes({ body, attributes }: OutgoingMessage): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, value]) => bytes + Buffer.byteLength(`${name}String${value}`),
    Buffer.byteLength(body),
  );
}

/**
 * Cuts messages into batches that AWS takes, in their order. A message that is too large even by
 * itself is a batch of one, for AWS to refuse.
 */
export function intoBatches(messages: readonly OutgoingMessage[]): OutgoingMessage[][] {
  const batches: OutgoingMessage[][] = [];
  let batch: OutgoingMessage[] = [];
  let batchBytes = 0;
  for (const message of messages) {
    const bytes = messageBytes(message);
    const full = batch.length === MAX_ENTRIES || batchBytes + bytes > MAX_BATCH_BYTES;
    if (full && batch.length > 0) {
      batches.push(batch);
      batch = [];
      batchBytes = 0;
    }
    batch.push(message);
    batchBytes += bytes;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
