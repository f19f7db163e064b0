import * as z from 'zod/mini';

import { dynamodbClient, sqsClient } from '../../shared/aws-clients.ts';
import { list, once, readConfiguration } from '../../shared/configuration.ts';
import { CommandQueue } from '../../shared/messaging/sending.ts';
import { queueFunction } from '../../shared/middleware/queue-function.ts';
import { fraudVerdictCommand, orderEventSchema } from '../../shared/order/messages.ts';
import { CustomerActivityTable } from './customer-activity-table.ts';
import { addressKeys, brokenRules, type FraudPolicy, limits } from './rules.ts';

export interface ScreenOrdersDependencies {
  readonly activity: CustomerActivityTable;
  readonly commands: CommandQueue;
  readonly policy: FraudPolicy;
  readonly now: () => Date;
}

/** The queue's subscription lets Placed orders through, and no others are screened. */
const placedOrderSchema = z.intersection(
  orderEventSchema,
  z.object({ state: z.literal('Placed') }),
);

const policyVariables = {
  blockedCustomers: list('BLOCKED_CUSTOMERS', 'ids of customers whose orders are declined', ','),
  blockedAddresses: list(
    'BLOCKED_ADDRESSES',
    'addresses, as COUNTRY|POSTAL CODE|LINE 1, to which nothing is sent',
    ';',
  ),
};

/** Screens placed orders and tells buying the verdict, with every rule that fired. */
export function createHandler(dependencies: () => ScreenOrdersDependencies) {
  return queueFunction(dependencies, {
    schema: placedOrderSchema,
    work: async ({ order, correlationId }, { activity, policy, now }, { log }) => {
      const ordersWithinWindow = await activity.record(order);
      const broken = brokenRules({ order, ordersWithinWindow, policy });
      const { orderId } = order;
      log.info('Order screened', { orderId, brokenRules: broken.map(({ rule }) => rule) });
      return fraudVerdictCommand({ orderId, requestedAt: now(), correlationId }, broken);
    },
    deliver: (verdicts, { commands }) => commands.send(verdicts),
  });
}

export const handler = createHandler(
  once(() => {
    const configuration = readConfiguration(process.env, {
      customerActivityTable: CustomerActivityTable.variable,
      orderUpdatesQueueUrl: CommandQueue.variable,
      ...policyVariables,
    });
    return {
      activity: new CustomerActivityTable(
        dynamodbClient(),
        configuration.customerActivityTable,
        limits.windowMinutes,
      ),
      commands: new CommandQueue(sqsClient(), configuration.orderUpdatesQueueUrl),
      policy: {
        ...limits,
        blockedCustomers: new Set(configuration.blockedCustomers),
        blockedAddresses: addressKeys(configuration.blockedAddresses),
      },
      now: () => new Date(),
    };
  }),
);
