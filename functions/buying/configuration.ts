import { queueUrl, tableName, topicArn } from '../../shared/configuration.ts';

/** The variables of the buying service; each function reads those that it uses. */
export const variables = {
  ordersTable: tableName('ORDERS_TABLE', 'keeps the orders and their states'),
  idempotencyTable: tableName('IDEMPOTENCY_TABLE', 'remembers which requests were accepted'),
  orderIntakeQueueUrl: queueUrl('ORDER_INTAKE_QUEUE_URL', 'takes accepted orders in'),
  orderUpdatesQueueUrl: queueUrl('ORDER_UPDATES_QUEUE_URL', 'takes requests to change an order'),
  orderEventsTopicArn: topicArn('ORDER_EVENTS_TOPIC_ARN', 'tells everybody about orders'),
  orderEventsFifoTopicArn: topicArn('ORDER_EVENTS_FIFO_TOPIC_ARN', 'tells about orders in order'),
};
