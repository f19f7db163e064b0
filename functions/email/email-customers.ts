import * as z from 'zod/mini';

import { dynamodbClient, sesClient } from '../../shared/aws-clients.ts';
import { once, readConfiguration } from '../../shared/configuration.ts';
import { notificationFunction } from '../../shared/middleware/notification-function.ts';
import { orderEventSchema } from '../../shared/order/order-event.ts';
import { variables } from './configuration.ts';
import { MailSender } from './mail-sender.ts';
import { renderMail } from './rules.ts';
import { SentEmailsTable } from './sent-emails-table.ts';

export interface EmailCustomersDependencies {
  readonly sentEmails: SentEmailsTable;
  readonly mails: MailSender;
  readonly now: () => Date;
}

/** The states that the subscription's filter lets through. */
const toldEventSchema = z.intersection(
  orderEventSchema,
  z.object({ state: z.enum(['Cancelled', 'Declined', 'Shipped']) }),
);

/**
 * Mails a customer that an order was cancelled, declined or shipped. It looks whether the mail was
 * sent, sends it, and then records that. A crash between the last two makes Lambda's retry send
 * the mail again; recording first would make the same crash lose it, which is worse. SES has no
 * idempotent send that would rule out both.
 */
export function createHandler(dependencies: () => EmailCustomersDependencies) {
  return notificationFunction(
    dependencies,
    toldEventSchema,
    async ({ id, order, ...outcome }, { sentEmails, mails, now }, { count, log }) => {
      const { orderId } = order;
      if (await sentEmails.has(id)) {
        count('EmailsAlreadySent');
        log.info('Mail was sent before', { orderId, eventId: id });
        return;
      }
      await mails.send(order.customer.email, renderMail(order, outcome));
      await sentEmails.add(id, now());
      count('EmailsSent');
      log.info('Mail sent', { orderId, eventId: id });
    },
  );
}

export const handler = createHandler(
  once(() => {
    const { sentEmailsTable, emailSender } = readConfiguration(process.env, variables);
    return {
      sentEmails: new SentEmailsTable(dynamodbClient(), sentEmailsTable),
      mails: new MailSender(sesClient(), emailSender),
      now: () => new Date(),
    };
  }),
);
