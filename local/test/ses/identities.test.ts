import {
  CreateEmailIdentityCommand,
  GetAccountCommand,
  GetEmailIdentityCommand,
  ListEmailIdentitiesCommand,
  SendEmailCommand,
} from '@aws-sdk/client-sesv2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSes } from './ses-endpoint.ts';

let ses: Awaited<ReturnType<typeof startSes>>;
beforeEach(async () => {
  ses = await startSes();
});
afterEach(() => ses.stop());

const mailFrom = (FromEmailAddress: string) =>
  new SendEmailCommand({
    FromEmailAddress,
    Destination: { ToAddresses: ['ada@example.org'] },
    Content: { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } } },
  });

describe('e-mail identities', () => {
  it('are created once, described and listed', async () => {
    // Act
    await ses.client.send(new CreateEmailIdentityCommand({ EmailIdentity: 'orders@example.com' }));

    // Assess
    const again = new CreateEmailIdentityCommand({ EmailIdentity: 'Orders@example.com' });
    await expect(ses.client.send(again)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    const described = await ses.client.send(
      new GetEmailIdentityCommand({ EmailIdentity: 'orders@example.com' }),
    );
    expect(described.VerifiedForSendingStatus).toBe(true);
    const { EmailIdentities } = await ses.client.send(new ListEmailIdentitiesCommand({}));
    expect(EmailIdentities).toMatchObject([{ IdentityName: 'orders@example.com' }]);
  });

  it('that do not exist are not found', async () => {
    const missing = ses.client.send(
      new GetEmailIdentityCommand({ EmailIdentity: 'x@example.com' }),
    );
    await expect(missing).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('decide who may send as soon as there is one', async () => {
    // Prepare
    await expect(ses.client.send(mailFrom('anyone@example.net'))).resolves.toBeDefined();

    // Act
    await ses.client.send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.com' }));

    // Assess
    await expect(ses.client.send(mailFrom('orders@mail.example.com'))).resolves.toBeDefined();
    await expect(ses.client.send(mailFrom('anyone@example.net'))).rejects.toMatchObject({
      name: 'MessageRejected',
      message: expect.stringContaining('anyone@example.net'),
    });
  });

  it('are refused where the path is not URL-encoded', async () => {
    const signed = 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ses/aws4_request';

    const answer = await fetch(`${ses.url}/v2/email/identities/%zz`, {
      headers: { authorization: signed },
    });

    expect(answer.status).toBe(400);
    expect(answer.headers.get('x-amzn-errortype')).toBe('BadRequestException');
  });

  it('leave the account able to send', async () => {
    const account = await ses.client.send(new GetAccountCommand({}));
    expect(account).toMatchObject({ SendingEnabled: true, ProductionAccessEnabled: true });
  });
});
