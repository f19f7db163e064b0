import { asError } from '../errors/failure-kind.ts';
import { PermanentError } from '../errors/permanent-error.ts';
import { TransientError } from '../errors/transient-error.ts';
import { intoBatches } from './batches.ts';
import { DELIVERED, type Delivery, undelivered } from './delivery.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** The part that the answers of SendMessageBatch and PublishBatch have in common. */
export interface BatchAnswer {
  readonly Successful?: readonly { readonly Id?: string | undefined }[] | undefined;
  readonly Failed?: readonly FailedEntry[] | undefined;
}

interface FailedEntry {
  readonly Id?: string | undefined;
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
  readonly SenderFault?: boolean | undefined;
}

/** An entry's id within its request is its place in the batch. */
export type SendBatch = (batch: readonly OutgoingMessage[]) => Promise<BatchAnswer>;

/**
 * Sends messages in batches and says of each what became of it, in the order they were given. A
 * request that fails takes only its own batch with it; what the answer does not name as successful
 * counts as failed.
 */
export async function deliverInBatches(
  messages: readonly OutgoingMessage[],
  sendBatch: SendBatch,
): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const batch of intoBatches(messages)) {
    deliveries.push(...(await deliverBatch(batch, sendBatch)));
  }
  return deliveries;
}

async function deliverBatch(
  batch: readonly OutgoingMessage[],
  sendBatch: SendBatch,
): Promise<readonly Delivery[]> {
  let answer: BatchAnswer;
  try {
    answer = await sendBatch(batch);
  } catch (error) {
    return batch.map(() => undelivered(asError(error)));
  }
  const successful = new Set(answer.Successful?.map(({ Id }) => Id));
  return batch.map((message, place) => {
    const id = String(place);
    if (successful.has(id)) return DELIVERED;
    return undelivered(
      entryError(
        message,
        answer.Failed?.find((entry) => entry.Id === id),
      ),
    );
  });
}

/** `SenderFault` is how AWS says whether the entry itself is at fault. */
function entryError(message: OutgoingMessage, failed: FailedEntry | undefined): Error {
  const identifiers = { orderId: message.orderId, messageId: message.id };
  const text = failed
    ? `An entry was refused: ${failed.Code ?? 'no code'} (${failed.Message ?? 'no message'})`
    : 'The answer says nothing about an entry';
  return failed?.SenderFault
    ? new PermanentError(text, identifiers)
    : new TransientError(text, identifiers);
}
