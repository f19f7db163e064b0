import { dynamodbClient } from '../../shared/clients/dynamodb-client.ts';
import { snsClient } from '../../shared/clients/sns-client.ts';
import { readConfiguration } from '../../shared/configuration/environment.ts';
import { EventPublisher } from '../../shared/messaging/event-publisher.ts';
import { variables } from './configuration.ts';
import { OrdersTable } from './orders-table.ts';

/** What the functions need that write an order's state and publish it. */
export interface OrderPublishing {
  readonly orders: OrdersTable;
  readonly events: EventPublisher;
}

/** @throws ConfigurationError */
export function orderPublishing(): OrderPublishing {
  const { ordersTable, orderEventsTopicArn, orderEventsFifoTopicArn } = readConfiguration(
    process.env,
    {
      ordersTable: variables.ordersTable,
      orderEventsTopicArn: variables.orderEventsTopicArn,
      orderEventsFifoTopicArn: variables.orderEventsFifoTopicArn,
    },
  );
  return {
    orders: new OrdersTable(dynamodbClient(), ordersTable),
    events: new EventPublisher(snsClient(), {
      fifo: orderEventsFifoTopicArn,
      standard: orderEventsTopicArn,
    }),
  };
}
