import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

import { TransientError } from '../errors.ts';
import { type BatchAnswer, MAX_ENTRIES } from './sending.ts';

/** Works on messages at the same time and tells which of them failed. Never throws. */
export type WorkTogether = (records: readonly SQSRecord[]) => Promise<ReadonlySet<SQSRecord>>;

/** What can be done about messages before their function has answered. Never throws. */
export interface Precautions {
  /** Deletes messages that are processed. */
  readonly remove: (records: readonly SQSRecord[]) => Promise<void>;
  /** Lets messages come back one by one, in this order, and later than the rest of their batch. */
  readonly spread: (records: readonly SQSRecord[]) => Promise<void>;
}

/**
 * Works on a batch and gives back the messages that must return to their queue.
 *
 * Messages that come for the first time are worked in rounds: the first of every group at the same
 * time, then the second, and so on. On the first failure of a group the rest of the group goes back
 * unworked, for a FIFO queue would otherwise deliver the failed message behind its successors;
 * other groups go on. On a standard queue every message is a group by itself.
 *
 * A message that was received before is a suspect: perhaps it ended the function, and all messages
 * of its batch came back with it. Suspects are worked one at a time, and before each of them all
 * that is processed leaves the queue, so that the death of the function takes nothing along. Those
 * that wait behind it come back apart from it and from each other, and so do the followers of a
 * message that failed: the failed one then uses up its receives by itself.
 *
 * Only the queue's redrive policy moves a message to the dead-letter queue: that keeps its
 * attributes and its receive count, needs no permission to send there, and leaves no moment in
 * which the message is in neither queue or in both.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function consumeBatch(
  records: readonly SQSRecord[],
  workTogether: WorkTogether,
  { remove, spread }: Precautions,
): Promise<readonly SQSRecord[]> {
  const groups = groupsOf(records);
  const fresh = groups.filter((group) => receiveCount(group) === 1);
  const returned = await workInRounds(fresh, workTogether);

  // The likeliest to end the function comes last.
  const suspects = groups
    .filter((group) => receiveCount(group) > 1)
    .toSorted((one, other) => receiveCount(one) - receiveCount(other));
  await spread([...followersIn(fresh, returned), ...suspects.flat().slice(1)]);

  let processed = fresh.flat().filter((record) => !returned.has(record));
  for (const group of suspects) {
    for (const [place, record] of group.entries()) {
      await remove(processed);
      processed = [];
      const failed = await workTogether([record]);
      if (failed.has(record)) {
        for (const each of group.slice(place)) returned.add(each);
        break;
      }
      processed = [record];
    }
  }
  return [...returned];
}

async function workInRounds(
  groups: readonly SQSRecord[][],
  workTogether: WorkTogether,
): Promise<Set<SQSRecord>> {
  const returned = new Set<SQSRecord>();
  const longest = Math.max(0, ...groups.map((group) => group.length));
  for (let round = 0; round < longest; round += 1) {
    const due = groups.flatMap((group) => {
      const record = group[round];
      return record && !returned.has(record) ? [record] : [];
    });
    const failed = await workTogether(due);
    for (const group of groups) {
      const record = group[round];
      if (!record || !failed.has(record)) continue;
      for (const each of group.slice(round)) returned.add(each);
    }
  }
  return returned;
}

/** Those that go back only because they are behind a failed one of their group. */
function followersIn(
  groups: readonly SQSRecord[][],
  returned: ReadonlySet<SQSRecord>,
): readonly SQSRecord[] {
  return groups.flatMap((group) => group.filter((record) => returned.has(record)).slice(1));
}

/** How often the group's messages were received, by the one that was received most. */
function receiveCount(group: readonly SQSRecord[]): number {
  return Math.max(...group.map(({ attributes }) => Number(attributes.ApproximateReceiveCount)));
}

/** A standard queue's messages may have a group too (fair queues); it says nothing about order. */
function groupsOf(records: readonly SQSRecord[]): SQSRecord[][] {
  const groups = Map.groupBy(records, ({ eventSourceARN, attributes, messageId }) =>
    eventSourceARN.endsWith('.fifo') ? (attributes.MessageGroupId ?? messageId) : messageId,
  );
  return [...groups.values()];
}

/** Longer than the batching window of any queue here, so that Lambda does not join what is apart. */
const SECONDS_APART = 2;

/** SQS did not do for a message what it was asked for. */
export class MessageUnchangedError extends TransientError {
  override readonly name = 'MessageUnchangedError';
}

/**
 * The queue that a batch came from. Lambda deletes what was processed and lets the rest come back,
 * but only after the function has answered; this is for what must hold if it never does.
 */
export class SourceQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  /** @param arn as it stands in a record, `arn:aws:sqs:<region>:<account>:<name>` */
  constructor(client: SQSClient, arn: string) {
    const [, , , region, account, name] = arn.split(':');
    this.#client = client;
    this.#queueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
  }

  /** @throws MessageUnchangedError when a message could not be deleted */
  async remove(records: readonly SQSRecord[]): Promise<void> {
    await this.#inBatches(records, (entries) =>
      this.#client.send(
        new DeleteMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries: entries }),
      ),
    );
  }

  /**
   * Lets messages come back one by one, in the order given: the first of them two seconds after
   * the queue's visibility timeout has passed once more, each other two seconds after the one
   * before.
   *
   * @throws MessageUnchangedError when a message could not be hidden
   */
  async spread(records: readonly SQSRecord[]): Promise<void> {
    if (records.length === 0) return;
    const { Attributes } = await this.#client.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.#queueUrl,
        AttributeNames: ['VisibilityTimeout'],
      }),
    );
    const timeout = Number(Attributes?.VisibilityTimeout);
    await this.#inBatches(records, (entries) =>
      this.#client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: this.#queueUrl,
          Entries: entries.map((entry) => ({
            ...entry,
            VisibilityTimeout: timeout + (Number(entry.Id) + 1) * SECONDS_APART,
          })),
        }),
      ),
    );
  }

  /** An entry's id is its place among all the records. */
  async #inBatches(
    records: readonly SQSRecord[],
    send: (entries: { Id: string; ReceiptHandle: string }[]) => Promise<BatchAnswer>,
  ): Promise<void> {
    const waiting = records.map(({ receiptHandle }, place) => ({
      Id: String(place),
      ReceiptHandle: receiptHandle,
    }));
    const failures: string[] = [];
    while (waiting.length > 0) {
      const { Failed = [] } = await send(waiting.splice(0, MAX_ENTRIES));
      failures.push(...Failed.map(({ Code, Message }) => `${Code} (${Message})`));
    }
    if (failures.length > 0) throw new MessageUnchangedError([...new Set(failures)].join('; '));
  }
}
