import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';

import { createHandler } from '../../../functions/email/email-customers.ts';
import { MailSender } from '../../../functions/email/mail-sender.ts';
import { SentEmailsTable } from '../../../functions/email/sent-emails-table.ts';
import { type CapturedOutput, captureOutput } from '../support/captured-output.ts';
import { invoke } from '../support/invoke.ts';
import { type OrderTables, startOrderTables } from '../support/order-tables.ts';
import { pencilOrder, person, sampleEvent } from '../support/sample-order.ts';
import { snsEvent } from '../support/sample-record.ts';

const shipped = (number: number) =>
  snsEvent(sampleEvent(pencilOrder(number), { state: 'Shipped', trackingNumber: 'TRK-1' }), {
    CorrelationId: 'mail-correlation',
    OrderId: pencilOrder(number).orderId,
  });

describe('emailCustomers', () => {
  const ses = mockClient(SESv2Client);
  let tables: OrderTables;
  let output: CapturedOutput;

  beforeAll(async () => {
    tables = await startOrderTables();
  });
  afterAll(() => tables.close());
  beforeEach(() => {
    ses.reset();
    ses.on(SendEmailCommand).resolves({ MessageId: 'mail' });
    output = captureOutput();
  });
  afterEach(() => output.restore());

  const handler = createHandler(() => ({
    sentEmails: new SentEmailsTable(tables.client, 'sent-emails'),
    mails: new MailSender(new SESv2Client({}), 'orders@example.com'),
    now: () => new Date('2026-11-22T09:31:00.000Z'),
  }));
  const sent = () => ses.commandCalls(SendEmailCommand).map((call) => call.args[0].input);

  it('sends one mail for an event that comes twice', async () => {
    await invoke(handler, shipped(1));
    await invoke(handler, shipped(1));

    expect(sent()).toHaveLength(1);
    expect(sent()[0]).toMatchObject({
      FromEmailAddress: 'orders@example.com',
      Destination: { ToAddresses: [person.email] },
    });
    expect(output.counts()).toMatchObject({ EmailsSent: 1, EmailsAlreadySent: 1 });
  });

  it('fails when the mail can not be sent, and sends it when Lambda tries again', async () => {
    ses.on(SendEmailCommand).rejectsOnce(new Error(`${person.email} is not verified`));

    // Lambda itself logs the error's message, so that must not name the customer either.
    await expect(invoke(handler, shipped(2))).rejects.toThrow(
      /^Notification [\w-]+ failed \(permanent\)/,
    );
    await invoke(handler, shipped(2));

    expect(sent()).toHaveLength(2);
    expect(output.text()).not.toContain(person.email);
    expect(output.logs()[0]).toMatchObject({ correlationId: 'mail-correlation' });
  });
});
