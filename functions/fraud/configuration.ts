import { list, queueUrl, tableName } from '../../shared/configuration.ts';

/** The variables of the fraud service. */
export const variables = {
  customerActivityTable: tableName('CUSTOMER_ACTIVITY_TABLE', 'keeps when customers placed orders'),
  orderUpdatesQueueUrl: queueUrl('ORDER_UPDATES_QUEUE_URL', 'takes verdicts on orders'),
  blockedCustomers: list('BLOCKED_CUSTOMERS', 'ids of customers whose orders are declined', ','),
  blockedAddresses: list(
    'BLOCKED_ADDRESSES',
    'addresses, as COUNTRY|POSTAL CODE|LINE 1, to which nothing is sent',
    ';',
  ),
};
