import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startSes } from './ses-endpoint.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task();
});

async function start(dataDir?: string) {
  const ses = await startSes(dataDir);
  cleanUp.push(ses.stop);
  return ses;
}

const MAIL: SendEmailCommandInput = {
  FromEmailAddress: 'Orders <orders@example.com>',
  Destination: { ToAddresses: ['ada@example.com'], BccAddresses: ['archive@example.com'] },
  ReplyToAddresses: ['help@example.com'],
  Content: {
    Simple: {
      Subject: { Data: 'Your order shipped' },
      Body: { Html: { Data: '<p>Shipped</p>' }, Text: { Data: 'Shipped' } },
      Headers: [{ Name: 'X-Order', Value: 'ORD-1' }],
    },
  },
};

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => `c${index}@example.com`);

describe('sending a mail', () => {
  it('keeps it and tells of it', async () => {
    // Prepare
    const { client, service, activity } = await start();

    // Act
    const { MessageId } = await client.send(new SendEmailCommand(MAIL));

    // Assess
    expect(service.emails()).toEqual([
      {
        messageId: MessageId,
        sentAt: expect.any(Number),
        from: 'Orders <orders@example.com>',
        to: ['ada@example.com'],
        cc: [],
        bcc: ['archive@example.com'],
        replyTo: ['help@example.com'],
        tags: [],
        subject: 'Your order shipped',
        html: '<p>Shipped</p>',
        text: 'Shipped',
        headers: [{ name: 'X-Order', value: 'ORD-1' }],
      },
    ]);
    expect(await activity.waitFor('email-sent')).toMatchObject({
      messageId: MessageId,
      subjectLine: 'Your order shipped',
      recipientCount: 2,
      caller: { kind: 'function', functionName: 'emailCustomers' },
    });
  });

  it('takes a raw message with the addresses of its header', async () => {
    // Prepare
    const { client, service } = await start();
    const raw = [
      'From: orders@example.com',
      'To: ada@example.com,\r\n bob@example.com',
      'Subject: Your order',
      '',
      'Shipped: today',
    ].join('\r\n');

    // Act
    await client.send(new SendEmailCommand({ Content: { Raw: { Data: Buffer.from(raw) } } }));

    // Assess
    expect(service.emails()).toMatchObject([
      {
        from: 'orders@example.com',
        to: ['ada@example.com', 'bob@example.com'],
        subject: 'Your order',
        raw,
      },
    ]);
  });

  it('keeps mails through a restart when there is a data folder', async () => {
    // Prepare
    const dataDir = await mkdtemp(join(tmpdir(), 'ses-'));
    cleanUp.push(() => rm(dataDir, { recursive: true }));
    const before = await startSes(dataDir);
    const { MessageId } = await before.client.send(new SendEmailCommand(MAIL));
    await before.stop();

    // Act
    const after = await start(dataDir);

    // Assess
    expect(after.service.email(MessageId ?? '')?.subject).toBe('Your order shipped');
  });

  it.each<[string, Partial<SendEmailCommandInput>, string]>([
    ['without a sender', { FromEmailAddress: '' }, "Missing required header 'From'."],
    ['with a sender that is no address', { FromEmailAddress: 'orders' }, "Missing final '@domain'"],
    ['without a recipient', { Destination: {} }, 'at least one address'],
    [
      'with 51 recipients',
      { Destination: { ToAddresses: many(51) } },
      'Recipient count exceeds 50.',
    ],
    [
      'with a space in an address',
      { Destination: { CcAddresses: ['a b@example.com'] } },
      'whitespace',
    ],
    [
      'with two dots in a domain',
      { ReplyToAddresses: ['a@example..com'] },
      'Domain contains dot-dot',
    ],
    [
      'without a body',
      { Content: { Simple: { Subject: { Data: 's' }, Body: {} } } },
      'Html or Text',
    ],
    ['without content', { Content: {} }, 'exactly one of Simple, Raw and Template'],
    ['with a template', { Content: { Template: { TemplateName: 't' } } }, 'not emulated here'],
  ])('is refused %s', async (_, change, message) => {
    // Prepare
    const { client, service } = await start();

    // Act
    const sent = client.send(new SendEmailCommand({ ...MAIL, ...change }));

    // Assess
    await expect(sent).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringContaining(message),
    });
    expect(service.emails()).toEqual([]);
  });

  it('takes 50 recipients', async () => {
    const { client } = await start();
    const sent = client.send(
      new SendEmailCommand({ ...MAIL, Destination: { ToAddresses: many(50) } }),
    );
    await expect(sent).resolves.toMatchObject({ MessageId: expect.any(String) });
  });
});
