import { MessageRejected, SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';

import { createHandler } from '../../../functions/email/email-customers.ts';
import { MailSender } from '../../../functions/email/mail-sender.ts';
import { SentEmailsTable } from '../../../functions/email/sent-emails-table.ts';

const LEASE_SECONDS = 45;
import { type CapturedOutput, captureOutput } from '../support/captured-output.ts';
import { invoke } from '../support/invoke.ts';
import { type OrderTables, startOrderTables } from '../support/order-tables.ts';
import { pencilOrder, person, sampleEvent } from '../support/sample-order.ts';
import { snsEvent } from '../support/sample-record.ts';

const START = Date.parse('2026-11-22T09:31:00.000Z');
const MINUTE = 60_000;

const rejected = (message: string) =>
  new MessageRejected({ message, $metadata: { httpStatusCode: 400 } });

const shipped = (number: number) =>
  snsEvent(sampleEvent(pencilOrder(number), { state: 'Shipped', trackingNumber: 'TRK-1' }), {
    CorrelationId: 'mail-correlation',
    OrderId: pencilOrder(number).orderId,
  });

describe('emailCustomers', () => {
  const ses = mockClient(SESv2Client);
  let tables: OrderTables;
  let output: CapturedOutput;
  let now = START;
  let invocations = 0;

  beforeAll(async () => {
    tables = await startOrderTables();
  });
  afterAll(() => tables.close());
  beforeEach(() => {
    now = START;
    ses.reset();
    ses.on(SendEmailCommand).resolves({ MessageId: 'mail' });
    output = captureOutput();
  });
  afterEach(() => output.restore());

  const handler = createHandler(() => ({
    sentEmails: new SentEmailsTable(tables.client, 'sent-emails', LEASE_SECONDS),
    mails: new MailSender(new SESv2Client({}), 'orders@example.com'),
    now: () => new Date(now),
    newHolder: () => `invocation ${(invocations += 1)}`,
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
    ses.on(SendEmailCommand).rejectsOnce(rejected(`${person.email} is not verified`));

    // Lambda itself logs the error's message, so that must not name the customer either.
    await expect(invoke(handler, shipped(2))).rejects.toThrow(
      /^Notification [\w-]+ failed \(permanent\)/,
    );
    await invoke(handler, shipped(2));

    expect(sent()).toHaveLength(2);
    expect(output.text()).not.toContain(person.email);
    expect(output.logs()[0]).toMatchObject({ correlationId: 'mail-correlation' });
  });

  it('sends one mail for an event that comes ten times at once, and loses none', async () => {
    const first = await Promise.allSettled(
      Array.from({ length: 10 }, () => invoke(handler, shipped(3))),
    );
    now += MINUTE;
    const retries = first.filter(({ status }) => status === 'rejected');
    await Promise.all(retries.map(() => invoke(handler, shipped(3))));

    expect(retries.length).toBeGreaterThan(0);
    expect(sent()).toHaveLength(1);
    expect(output.counts()).toMatchObject({ EmailsSent: 1 });
  });

  it('leaves the claim alone when the answer of SES is lost, until it has run out', async () => {
    ses.on(SendEmailCommand).rejectsOnce(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));
    await expect(invoke(handler, shipped(4))).rejects.toThrow('failed (transient)');

    now += LEASE_SECONDS * 1_000 - 1;
    await expect(invoke(handler, shipped(4))).rejects.toThrow('failed (transient)');
    const withinLease = sent().length;
    now += 1;
    await invoke(handler, shipped(4));

    expect(withinLease).toBe(1);
    expect(sent()).toHaveLength(2);
  });

  it('sends the mail again after a crash before it was confirmed, and not after that', async () => {
    const table = new SentEmailsTable(tables.client, 'sent-emails', LEASE_SECONDS);
    const crashing = createHandler(() => ({
      sentEmails: Object.assign(new SentEmailsTable(tables.client, 'sent-emails', LEASE_SECONDS), {
        confirm: () => Promise.reject(new Error('crashed')),
      }),
      mails: new MailSender(new SESv2Client({}), 'orders@example.com'),
      now: () => new Date(now),
      newHolder: () => 'crashing',
    }));

    await expect(invoke(crashing, shipped(5))).rejects.toThrow('failed');
    now += MINUTE;
    await invoke(handler, shipped(5));
    now += MINUTE;
    await invoke(handler, shipped(5));

    expect(sent()).toHaveLength(2);
    const late = { eventId: `${pencilOrder(5).orderId}:Shipped`, holder: 'crashing' };
    expect(await table.confirm(late, new Date(now))).toBe(false);
  });
});
