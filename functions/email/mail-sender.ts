import { SendEmailCommand, type SESv2Client } from '@aws-sdk/client-sesv2';

import { emailAddress } from '../../shared/configuration.ts';
import type { Mail } from './rules.ts';

/** Sends mails through Amazon SES. */
export class MailSender {
  static readonly variable = /* @__PURE__ */ emailAddress(
    'EMAIL_SENDER',
    'is the address that mails come from',
  );

  readonly #client: SESv2Client;
  readonly #sender: string;

  constructor(client: SESv2Client, sender: string) {
    this.#client = client;
    this.#sender = sender;
  }

  async send(recipient: string, { subject, html, text }: Mail): Promise<void> {
    await this.#client.send(
      new SendEmailCommand({
        FromEmailAddress: this.#sender,
        Destination: { ToAddresses: [recipient] },
        Content: {
          Simple: {
            Subject: utf8(subject),
            Body: { Html: utf8(html), Text: utf8(text) },
          },
        },
      }),
    );
  }
}

function utf8(text: string): { Data: string; Charset: string } {
  return { Data: text, Charset: 'UTF-8' };
}
