import { createHmac } from 'node:crypto';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startS3 } from './s3-endpoint.ts';

const compact = (time: number): string =>
  `${new Date(time).toISOString().replaceAll(/[-:]|\..*/g, '')}Z`;

/** The parameters of Signature Version 4 in a URL; nobody here verifies the signature itself. */
const version4 = (signedAt: number, seconds: number): Record<string, string> => ({
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': `test/${compact(signedAt).slice(0, 8)}/us-east-1/s3/aws4_request`,
  'X-Amz-Date': compact(signedAt),
  'X-Amz-Expires': String(seconds),
  'X-Amz-SignedHeaders': 'host',
  'X-Amz-Signature': '0'.repeat(64),
});

const version2 = (signedAt: number, seconds: number): Record<string, string> => {
  const Expires = String(Math.floor(signedAt / 1000) + seconds);
  const text = `GET\n\n\n${Expires}\n/invoices/a`;
  const Signature = createHmac('sha1', 'secret').update(text).digest('base64');
  return { AWSAccessKeyId: 'test', Expires, Signature };
};

describe.each([
  ['2', version2],
  ['4', version4],
])('a presigned URL with a signature of version %s', (_, sign) => {
  let s3: Awaited<ReturnType<typeof startS3>>;
  beforeAll(async () => {
    s3 = await startS3();
    await s3.client.send(new CreateBucketCommand({ Bucket: 'invoices' }));
    await s3.client.send(new PutObjectCommand({ Bucket: 'invoices', Key: 'a', Body: 'Pencil' }));
  });
  afterAll(() => s3.stop());

  const urlOf = (key: string, parameters: Record<string, string>): string =>
    `${s3.url}/invoices/${key}?${new URLSearchParams(parameters).toString()}`;

  it('downloads, under the name that it asks for', async () => {
    const disposition = 'attachment; filename="invoice.txt"';
    const parameters = { ...sign(Date.now(), 60), 'response-content-disposition': disposition };

    const answer = await fetch(urlOf('a', parameters));

    expect(await answer.text()).toBe('Pencil');
    expect(answer.headers.get('content-disposition')).toBe(disposition);
  });

  it('uploads', async () => {
    const url = urlOf('uploaded', sign(Date.now(), 60));

    const upload = await fetch(url, { method: 'PUT', body: 'Eraser' });

    expect(upload.status).toBe(200);
    expect(await (await fetch(url)).text()).toBe('Eraser');
  });

  it('is refused when its time is over', async () => {
    const answer = await fetch(urlOf('a', sign(Date.now() - 120_000, 60)));

    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Message>Request has expired</Message>');
  });
});
