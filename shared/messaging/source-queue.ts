import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

import { TransientError } from '../errors.ts';
import { type BatchAnswer, MAX_ENTRIES } from './batch-sending.ts';

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
    while (waiting.length > 0) {
      const { Failed: [failed] = [] } = await send(waiting.splice(0, MAX_ENTRIES));
      if (failed) throw new MessageUnchangedError(`${failed.Code}: ${failed.Message}`);
    }
  }
}
