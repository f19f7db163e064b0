import { createVerify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { SqliteStorage } from '../../storage/sqlite-storage.ts';
import { CLIENT, startSns, subscribeQueue } from './running-sns.ts';

const notificationSchema = z.object({
  Type: z.string(),
  MessageId: z.string(),
  TopicArn: z.string(),
  Subject: z.string().optional(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
});

/** Verifies as a receiver does that knows nothing but the documented algorithm. */
async function isGenuine(document: string, endpoint: string): Promise<boolean> {
  const message = notificationSchema.parse(JSON.parse(document));
  const answer = await fetch(new URL(new URL(message.SigningCertURL).pathname, endpoint));
  expect(answer.status).toBe(200);
  const { publicKey } = new X509Certificate(await answer.text());
  const names = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const;
  const signed = names
    .filter((name) => message[name] !== undefined)
    .map((name) => `${name}\n${message[name]}\n`)
    .join('');
  const hash = message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  return createVerify(hash).update(signed).verify(publicKey, message.Signature, 'base64');
}

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task();
});

async function running(overrides: Parameters<typeof startSns>[0] = {}) {
  const sns = await startSns(overrides);
  cleanUp.push(sns.stop);
  return sns;
}

describe('the signature of a notification', () => {
  it.each(['1', '2'])(
    'of version %s is verified with the certificate at its URL',
    async (SignatureVersion) => {
      const sns = await running();
      const { arn: topicArn } = await sns.service.ensureTopic('Events', { SignatureVersion });
      const queue = await subscribeQueue(sns, topicArn, 'queue');

      await sns.service.publish({ topicArn, message: 'text', subject: 'About' }, CLIENT);

      const [document = ''] = queue.bodies;
      expect(await isGenuine(document, sns.url)).toBe(true);
      expect(await isGenuine(document.replace('"text"', '"forged"'), sns.url)).toBe(false);
    },
  );

  it('has a certificate that is valid now, of its own key and of no other name', async () => {
    const sns = await running();
    const { arn: topicArn } = await sns.service.ensureTopic('Events', {});
    const queue = await subscribeQueue(sns, topicArn, 'queue');
    await sns.service.publish({ topicArn, message: 'text' }, CLIENT);
    const { SigningCertURL } = notificationSchema.parse(JSON.parse(queue.bodies[0] ?? ''));

    const answer = await fetch(new URL(new URL(SigningCertURL).pathname, sns.url));
    const certificate = new X509Certificate(await answer.text());
    const other = await fetch(new URL('/SimpleNotificationService-00ff.pem', sns.url));

    expect(new URL(SigningCertURL).pathname).toMatch(
      /^\/SimpleNotificationService-[\da-f]{32}\.pem$/,
    );
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toBe('CN=sns.amazonaws.com');
    expect(certificate.ca).toBe(false);
    expect(Date.parse(certificate.validFrom)).toBe(sns.clock.now());
    expect(other.status).toBe(404);
  });

  it('is still verified after a restart, as long as the message may wait in a queue', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sns-'));
    cleanUp.push(() => rmSync(folder, { recursive: true }));
    const before = await startSns({ storage: new SqliteStorage(folder) });
    const { arn: topicArn } = await before.service.ensureTopic('Events', {});
    const queue = await subscribeQueue(before, topicArn, 'queue');
    await before.service.publish({ topicArn, message: 'text' }, CLIENT);
    await before.stop();
    before.context.storage.close();

    const storage = new SqliteStorage(folder);
    cleanUp.push(() => storage.close());
    const after = await running({ storage });

    expect(await isGenuine(queue.bodies[0] ?? '', after.url)).toBe(true);
  });
});
