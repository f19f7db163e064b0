import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startS3 } from './s3-endpoint.ts';

const Bucket = 'invoices';
const OTHER = '"00000000000000000000000000000000"';
const HOUR_MS = 3_600_000;

describe('a conditional request', () => {
  let s3: Awaited<ReturnType<typeof startS3>>;
  let etag: string;
  beforeAll(async () => {
    s3 = await startS3();
    await s3.client.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(() => s3.stop());
  beforeEach(async () => {
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'copy' }));
    const { ETag } = await s3.client.send(
      new PutObjectCommand({ Bucket, Key: 'a', Body: 'current' }),
    );
    etag = ETag ?? '';
  });

  const put = (conditions: object, Key = 'a') =>
    s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'new', ...conditions }));
  const get = (conditions: object) =>
    s3.client.send(new GetObjectCommand({ Bucket, Key: 'a', ...conditions }));
  const copy = (conditions: object, Key = 'copy') =>
    s3.client.send(
      new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/a`, ...conditions }),
    );
  const remove = (IfMatch: string) =>
    s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch }));
  const range = async (ifRange: string) => {
    const answer = await fetch(`${s3.url}/${Bucket}/a`, {
      headers: { authorization: 'AWS test:unverified', range: 'bytes=0-3', 'if-range': ifRange },
    });
    return [answer.status, await answer.text()];
  };
  const PreconditionFailed = { $metadata: { httpStatusCode: 412 }, name: 'PreconditionFailed' };

  it('writes only over the object that If-Match names', async () => {
    await expect(put({ IfMatch: OTHER })).rejects.toMatchObject(PreconditionFailed);
    await expect(put({ IfMatch: etag }, 'absent')).rejects.toMatchObject({ name: 'NoSuchKey' });

    await expect(put({ IfMatch: etag })).resolves.toMatchObject({ ETag: expect.any(String) });
    await expect(put({ IfMatch: etag })).rejects.toMatchObject(PreconditionFailed);
  });

  it('lets one of many writers win that read the same object', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, (_, index) =>
        s3.client.send(
          new PutObjectCommand({ Bucket, Key: 'a', Body: `writer ${index}`, IfMatch: etag }),
        ),
      ),
    );

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('reads only the object that If-Match names', async () => {
    await expect(get({ IfMatch: OTHER })).rejects.toMatchObject(PreconditionFailed);
    await expect(get({ IfMatch: etag })).resolves.toMatchObject({ ETag: etag });
  });

  it('does not read again what the reader has', async () => {
    const NotModified = { $metadata: { httpStatusCode: 304 } };
    const later = new Date(Date.now() + HOUR_MS);

    await expect(get({ IfNoneMatch: etag })).rejects.toMatchObject(NotModified);
    await expect(get({ IfNoneMatch: OTHER })).resolves.toMatchObject({ ETag: etag });
    await expect(get({ IfModifiedSince: later })).rejects.toMatchObject(NotModified);
    await expect(get({ IfUnmodifiedSince: later })).resolves.toMatchObject({ ETag: etag });
    await expect(get({ IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject(PreconditionFailed);
  });

  it('copies only over nothing, or from the object that is named', async () => {
    await copy({ IfNoneMatch: '*' });

    await expect(copy({ IfNoneMatch: '*' })).rejects.toMatchObject(PreconditionFailed);
    await expect(copy({ CopySourceIfMatch: OTHER })).rejects.toMatchObject(PreconditionFailed);
    await expect(copy({ CopySourceIfNoneMatch: etag })).rejects.toMatchObject(PreconditionFailed);
    await expect(copy({ CopySourceIfMatch: etag })).resolves.toMatchObject({
      CopyObjectResult: { ETag: etag },
    });
  });

  it('deletes only the object that If-Match names', async () => {
    await expect(remove(OTHER)).rejects.toMatchObject(PreconditionFailed);
    await remove(etag);

    await expect(get({})).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('reads a range of the object that If-Range names, or else the whole', async () => {
    expect(await range(etag)).toEqual([206, 'curr']);
    expect(await range(OTHER)).toEqual([200, 'current']);
  });
});
