import { emailAddress, tableName, wholeNumber } from '../../shared/configuration.ts';

/** The variables of the email service. */
export const variables = {
  sentEmailsTable: tableName('SENT_EMAILS_TABLE', 'remembers which mails were sent'),
  leaseSeconds: wholeNumber('MAIL_LEASE_SECONDS', 'is how long a claimed mail is left alone'),
  emailSender: emailAddress('EMAIL_SENDER', 'is the address that mails come from'),
};
