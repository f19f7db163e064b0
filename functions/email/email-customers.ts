import { randomUUID } from 'node:crypto';

import { SESv2ServiceException } from '@aws-sdk/client-sesv2';
import * as z from 'zod/mini';

import { dynamodbClient, sesClient } from '../../shared/aws-clients.ts';
import { once, readConfiguration } from '../../shared/configuration.ts';
import { TransientError } from '../../shared/errors.ts';
import { notificationFunction } from '../../shared/middleware/notification-function.ts';
import { orderEventSchema } from '../../shared/order/messages.ts';
import { MailSender } from './mail-sender.ts';
import { renderMail } from './rules.ts';
import { SentEmailsTable } from './sent-emails-table.ts';

export interface EmailCustomersDependencies {
  readonly sentEmails: SentEmailsTable;
  readonly mails: MailSender;
  readonly now: () => Date;
  /** Names an invocation as the holder of a claim. */
  readonly newHolder: () => string;
}

/** The states that the subscription's filter lets through. */
const toldEventSchema = z.intersection(
  orderEventSchema,
  z.object({ state: z.enum(['Cancelled', 'Declined', 'Shipped']) }),
);

/** Another invocation has claimed the mail and has not confirmed it: it is sending, or it died. */
export class MailBeingSentError extends TransientError {
  override readonly name = 'MailBeingSentError';
}

/**
 * Mails a customer that an order was cancelled, declined or shipped: claims the mail, sends it, and
 * confirms the claim. An invocation that finds the claim taken fails, and Lambda's retry a minute
 * later finds the mail confirmed or the claim run out. So a mail is sent once, however often and
 * however concurrently the event comes; only a crash, or an answer of SES that is lost, between
 * sending and confirming lets it be sent again. The other way round it would be lost.
 */
export function createHandler(dependencies: () => EmailCustomersDependencies) {
  return notificationFunction(
    dependencies,
    toldEventSchema,
    async ({ id, order, ...outcome }, available, { count, log }) => {
      const { sentEmails, mails, now, newHolder } = available;
      const about = { orderId: order.orderId, eventId: id };
      const claim = { eventId: id, holder: newHolder() };
      const state = await sentEmails.claim(claim, now());
      if (state === 'sent') {
        count('EmailsAlreadySent');
        log.info('Mail was sent before', about);
        return;
      }
      if (state === 'sending') {
        throw new MailBeingSentError('Another invocation is sending this mail', about);
      }
      try {
        await mails.send(order.customer.email, renderMail(order, outcome));
      } catch (error) {
        if (wasRefused(error)) await sentEmails.release(claim, now());
        throw error;
      }
      if (!(await sentEmails.confirm(claim, now()))) {
        log.warn('Mail sent after its claim had run out: there may be a second one', about);
      }
      count('EmailsSent');
      log.info('Mail sent', about);
    },
  );
}

/** SES answered, and said no. Without an answer, or after a failure of its own, it may have sent. */
function wasRefused(error: unknown): boolean {
  if (!(error instanceof SESv2ServiceException)) return false;
  const { httpStatusCode } = error.$metadata;
  return httpStatusCode !== undefined && httpStatusCode >= 400 && httpStatusCode < 500;
}

export const handler = createHandler(
  once(() => {
    const { sentEmailsTable, leaseSeconds, emailSender } = readConfiguration(process.env, {
      sentEmailsTable: SentEmailsTable.variable,
      leaseSeconds: SentEmailsTable.leaseVariable,
      emailSender: MailSender.variable,
    });
    return {
      sentEmails: new SentEmailsTable(dynamodbClient(), sentEmailsTable, leaseSeconds),
      mails: new MailSender(sesClient(), emailSender),
      now: () => new Date(),
      newHolder: randomUUID,
    };
  }),
);
