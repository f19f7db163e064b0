import { queueUrl, tableName } from '../../shared/configuration.ts';

/** The variables of the shipping service. */
export const variables = {
  shipmentsTable: tableName('SHIPMENTS_TABLE', 'keeps what was dispatched, stopped and recalled'),
  orderUpdatesQueueUrl: queueUrl('ORDER_UPDATES_QUEUE_URL', 'takes word of dispatched orders'),
};
