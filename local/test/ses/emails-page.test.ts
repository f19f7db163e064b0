import { SendEmailCommand } from '@aws-sdk/client-sesv2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSes } from './ses-endpoint.ts';

const HOSTILE = `"><script>alert('x')</script>`;

let ses: Awaited<ReturnType<typeof startSes>>;
let messageId: string;
beforeEach(async () => {
  ses = await startSes();
  const { MessageId = '' } = await ses.client.send(
    new SendEmailCommand({
      FromEmailAddress: 'orders@example.com',
      Destination: { ToAddresses: ['ada@example.com'] },
      Content: {
        Simple: {
          Subject: { Data: HOSTILE },
          Body: { Html: { Data: `<p class="a">${HOSTILE}</p>` }, Text: { Data: HOSTILE } },
        },
      },
    }),
  );
  messageId = MessageId;
});
afterEach(() => ses.stop());

describe('the page of sent mails', () => {
  it.each([
    ['list', () => ''],
    ['mail', () => `/${messageId}`],
  ])('escapes whatever a mail brings (%s)', async (_, path) => {
    // Act
    const response = await fetch(`${ses.url}/_local/emails${path()}`);

    // Assess
    const html = await response.text();
    expect(html).toContain('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;');
    expect(html).not.toContain('<script');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('shows the HTML in a frame that may do nothing', async () => {
    const html = await (await fetch(`${ses.url}/_local/emails/${messageId}`)).text();
    expect(html).toContain(`<iframe sandbox=""`);
    expect(html).toContain('srcdoc="&lt;p class=&quot;a&quot;&gt;');
  });

  it('gives JSON to who asks for it', async () => {
    const response = await fetch(`${ses.url}/_local/emails`, {
      headers: { accept: 'application/json' },
    });
    expect(await response.json()).toMatchObject([{ messageId, to: ['ada@example.com'] }]);
  });

  it('answers 404 for a mail that was never sent', async () => {
    const response = await fetch(`${ses.url}/_local/emails/none`);
    expect(response.status).toBe(404);
  });

  it('answers 400 for an id that is not URL-encoded', async () => {
    const response = await fetch(`${ses.url}/_local/emails/%zz`);
    expect(response.status).toBe(400);
  });

  it('lists the newest first, together with the mails of the same tags', async () => {
    // Prepare
    for (const [subject, order] of [
      ['Placed 1', 'ORD-1'],
      ['Placed 2', 'ORD-2'],
      ['Shipped 1', 'ORD-1'],
    ]) {
      await ses.client.send(
        new SendEmailCommand({
          FromEmailAddress: 'orders@example.com',
          Destination: { ToAddresses: ['ada@example.com'] },
          EmailTags: [{ Name: 'order', Value: order }],
          Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: 'text' } } } },
        }),
      );
    }

    // Act
    const html = await (await fetch(`${ses.url}/_local/emails`)).text();

    // Assess
    const shown = html.match(/order=ORD-\d|Without tags|(?:Placed|Shipped) \d/g);
    expect(shown).toEqual([
      'order=ORD-1',
      'Shipped 1',
      'Placed 1',
      'order=ORD-2',
      'Placed 2',
      'Without tags',
    ]);
  });
});
