import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

import { queueUrl } from '../../shared/configuration.ts';
import { stringAttributes } from '../../shared/messaging/sending.ts';
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
  static readonly variable = /* @__PURE__ */ queueUrl(
    'ORDER_INTAKE_QUEUE_URL',
    'takes accepted orders in',
  );

  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#queueUrl = url;
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
