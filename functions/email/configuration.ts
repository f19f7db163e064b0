import { emailAddress, tableName } from '../../shared/configuration.ts';

/** The variables of the email service. */
export const variables = {
  sentEmailsTable: tableName('SENT_EMAILS_TABLE', 'remembers which mails were sent'),
  emailSender: emailAddress('EMAIL_SENDER', 'is the address that mails come from'),
};
