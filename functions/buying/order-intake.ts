import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

import { stringAttributes } from '../../shared/messaging/batch-sending.ts';
import {
  correlationIdSchema,
  messageId,
  messageVersionSchema,
  type Order,
  orderSchema,
} from '../../shared/order/order.ts';

/** What the front-end tier puts on OrderIntakeQueue: an order that was accepted, not yet recorded. */
export const intakeMessageSchema = z.object({
  version: messageVersionSchema,
  id: z.string(),
  type: z.literal('OrderAccepted'),
  correlationId: correlationIdSchema,
  order: orderSchema,
});
export type IntakeMessage = z.infer<typeof intakeMessageSchema>;

export function intakeMessage(order: Order, correlationId: string): IntakeMessage {
  return {
    version: 1,
    id: messageId(order.orderId, 'Intake'),
    type: 'OrderAccepted',
    correlationId,
    order,
  };
}

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
