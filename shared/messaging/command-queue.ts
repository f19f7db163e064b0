import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

import type { UpdateCommand } from '../order/update-command.ts';
import {
  commandMessage,
  deliverInBatches,
  type Delivery,
  type OutgoingMessage,
  stringAttributes,
} from './batch-sending.ts';

/** OrderUpdatesQueue.fifo: how any service asks buying for a change of an order's state. */
export class CommandQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async send(commands: readonly UpdateCommand[]): Promise<readonly Delivery[]> {
    const messages = commands.map((command) => commandMessage(command));
    return deliverInBatches(messages, (batch) => this.#sendBatch(batch));
  }

  /** @throws the error of a command that was not taken */
  async sendOne(command: UpdateCommand): Promise<void> {
    for (const delivery of await this.send([command])) {
      if (!delivery.delivered) throw delivery.error;
    }
  }

  #sendBatch(batch: readonly OutgoingMessage[]) {
    return this.#client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.#queueUrl,
        Entries: batch.map((message, place) => ({
          Id: String(place),
          MessageBody: message.body,
          MessageGroupId: message.orderId,
          MessageDeduplicationId: message.id,
          MessageAttributes: stringAttributes(message.attributes),
        })),
      }),
    );
  }
}
