import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

import { stringAttributes } from '../../shared/messaging/message-attributes.ts';
import type { IntakeMessage } from '../../shared/order/intake-message.ts';

/** OrderIntakeQueue, the buffer between accepting orders and recording them. */
export class IntakeQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async send(message: IntakeMessage): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#queueUrl,
        MessageBody: JSON.stringify(message),
        MessageAttributes: stringAttributes({
          OrderId: message.order.orderId,
          CorrelationId: message.correlationId,
        }),
      }),
    );
  }
}
