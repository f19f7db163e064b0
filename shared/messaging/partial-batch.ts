import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';

import { asError, TransientError } from '../errors.ts';
import { type Delivery, undelivered } from './batch-sending.ts';

/** Nothing was said about a message that was handed over, so it counts as not sent. */
export class UnreportedDeliveryError extends TransientError {
  override readonly name = 'UnreportedDeliveryError';

  constructor({ messageId }: SQSRecord) {
    super('Nothing was reported about what came of a message', { messageId });
  }
}

/** How one kind of queue is worked on. */
export interface BatchWork<Output> {
  /** Parses and does what must be done before anything is sent; `undefined`: nothing to send. */
  readonly work: (record: SQSRecord) => Promise<Output | undefined>;
  /** Sends what came of several messages together; the answer is in the same order. */
  readonly deliver: (outputs: readonly Output[]) => Promise<readonly Delivery[]>;
  /** Told of each failure, and of each message that goes back untouched behind one of its group. */
  readonly failed: (record: SQSRecord, error: Error) => void;
  readonly heldBack: (record: SQSRecord) => void;
}

type Attempt<Output> = { readonly record: SQSRecord } & (
  | { readonly kind: 'output'; readonly output: Output }
  | { readonly kind: 'settled' }
  | { readonly kind: 'failed'; readonly error: Error }
);

/**
 * Works on a batch in rounds: the first message of every group, then the second, and so on. Within
 * a round the work runs concurrently and what comes of it is sent together. A message is done when
 * both have succeeded. On the first failure of a group the rest of the group goes back unworked,
 * for a FIFO queue would otherwise deliver the failed message behind its successors; other groups
 * go on. On a standard queue every message is a group by itself, so there is one round.
 *
 * A message that can never succeed is treated alike. Only the queue's redrive policy moves it to
 * the dead-letter queue: that keeps its attributes and its receive count, needs no permission to
 * send there, and leaves no moment in which the message is in neither queue or in both.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function consumeBatch<Output>(
  records: readonly SQSRecord[],
  batchWork: BatchWork<Output>,
): Promise<SQSBatchResponse> {
  const groups = groupsOf(records);
  const returned = new Set<string>();
  const longest = Math.max(0, ...groups.map((group) => group.length));
  for (let round = 0; round < longest; round += 1) {
    const due = groups.flatMap((group) => {
      const record = group[round];
      return record && !returned.has(record.messageId) ? [record] : [];
    });
    const failed = await workRound(due, batchWork);
    for (const group of groups) {
      const record = group[round];
      if (!record || !failed.has(record.messageId)) continue;
      for (const each of group.slice(round)) returned.add(each.messageId);
      for (const each of group.slice(round + 1)) batchWork.heldBack(each);
    }
  }
  return { batchItemFailures: [...returned].map((itemIdentifier) => ({ itemIdentifier })) };
}

/** The ids of the messages that failed. */
async function workRound<Output>(
  records: readonly SQSRecord[],
  { work, deliver, failed }: BatchWork<Output>,
): Promise<ReadonlySet<string>> {
  const attempts = await Promise.all(records.map((record) => attempt(record, work)));
  const failures = new Map<SQSRecord, Error>();
  for (const each of attempts) if (each.kind === 'failed') failures.set(each.record, each.error);

  const sending = attempts.filter((each) => each.kind === 'output');
  const deliveries = await deliverAll(
    sending.map(({ output }) => output),
    deliver,
  );
  for (const [place, { record }] of sending.entries()) {
    const delivery = deliveries[place] ?? undelivered(new UnreportedDeliveryError(record));
    if (!delivery.delivered) failures.set(record, delivery.error);
  }
  for (const [record, error] of failures) failed(record, error);
  return new Set([...failures.keys()].map(({ messageId }) => messageId));
}

async function attempt<Output>(
  record: SQSRecord,
  work: BatchWork<Output>['work'],
): Promise<Attempt<Output>> {
  try {
    const output = await work(record);
    return output === undefined ? { record, kind: 'settled' } : { record, kind: 'output', output };
  } catch (error) {
    return { record, kind: 'failed', error: asError(error) };
  }
}

async function deliverAll<Output>(
  outputs: readonly Output[],
  deliver: BatchWork<Output>['deliver'],
): Promise<readonly Delivery[]> {
  if (outputs.length === 0) return [];
  try {
    return await deliver(outputs);
  } catch (error) {
    return outputs.map(() => undelivered(asError(error)));
  }
}

/** A standard queue's messages may have a group too (fair queues); it says nothing about order. */
function groupsOf(records: readonly SQSRecord[]): SQSRecord[][] {
  const groups = Map.groupBy(records, ({ eventSourceARN, attributes, messageId }) =>
    eventSourceARN.endsWith('.fifo') ? (attributes.MessageGroupId ?? messageId) : messageId,
  );
  return [...groups.values()];
}
