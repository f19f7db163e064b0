import { PublishBatchCommand, type SNSClient } from '@aws-sdk/client-sns';

import { dynamodbClient, snsClient } from '../../shared/aws-clients.ts';
import { readConfiguration, topicArn } from '../../shared/configuration.ts';
import {
  deliverInBatches,
  type Delivery,
  eventMessage,
  type OutgoingMessage,
  stringAttributes,
} from '../../shared/messaging/sending.ts';
import type { OrderEvent } from '../../shared/order/messages.ts';
import { OrdersTable } from './orders-table.ts';

export interface EventTopics {
  readonly fifo: string;
  readonly standard: string;
}

/** Publishes what happened to orders to OrderEvents.fifo and to OrderEvents. */
export class EventPublisher {
  static readonly variables = {
    fifo: topicArn('ORDER_EVENTS_FIFO_TOPIC_ARN', 'tells about orders in order'),
    standard: topicArn('ORDER_EVENTS_TOPIC_ARN', 'tells everybody about orders'),
  };

  readonly #client: SNSClient;
  readonly #topics: EventTopics;

  constructor(client: SNSClient, topics: EventTopics) {
    this.#client = client;
    this.#topics = topics;
  }

  /**
   * An event counts as delivered when both topics have it. The FIFO topic comes first because it
   * drops a repetition: when the second publish fails and the message is worked on again, only the
   * topic that does not yet have the event delivers it. The other way round the standard topic's
   * subscribers would get it twice. An event that the FIFO topic refuses is kept from the other.
   */
  async publish(events: readonly OrderEvent[]): Promise<readonly Delivery[]> {
    const messages = events.map((event) => eventMessage(event));
    const onFifo = await deliverInBatches(messages, (batch) => this.#publishOrdered(batch));
    const accepted = messages.filter((_, place) => onFifo[place]?.delivered);
    const onStandard = await deliverInBatches(accepted, (batch) => this.#publishUnordered(batch));
    const remaining = onStandard.values();
    return onFifo.map((delivery) =>
      delivery.delivered ? (remaining.next().value ?? delivery) : delivery,
    );
  }

  #publishOrdered(batch: readonly OutgoingMessage[]) {
    return this.#client.send(
      new PublishBatchCommand({
        TopicArn: this.#topics.fifo,
        PublishBatchRequestEntries: batch.map((message, place) => ({
          ...entry(message, place),
          MessageGroupId: message.orderId,
          MessageDeduplicationId: message.id,
        })),
      }),
    );
  }

  #publishUnordered(batch: readonly OutgoingMessage[]) {
    return this.#client.send(
      new PublishBatchCommand({
        TopicArn: this.#topics.standard,
        PublishBatchRequestEntries: batch.map((message, place) => entry(message, place)),
      }),
    );
  }
}

function entry(message: OutgoingMessage, place: number) {
  return {
    Id: String(place),
    Message: message.body,
    MessageAttributes: stringAttributes(message.attributes),
  };
}

/** What the functions need that write an order's state and publish it. */
export interface OrderPublishing {
  readonly orders: OrdersTable;
  readonly events: EventPublisher;
}

/** @throws ConfigurationError */
export function orderPublishing(): OrderPublishing {
  const { ordersTable, fifo, standard } = readConfiguration(process.env, {
    ordersTable: OrdersTable.variable,
    ...EventPublisher.variables,
  });
  return {
    orders: new OrdersTable(dynamodbClient(), ordersTable),
    events: new EventPublisher(snsClient(), { fifo, standard }),
  };
}
