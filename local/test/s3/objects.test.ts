import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startS3 } from './s3-endpoint.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task();
});

async function startWithBucket(Bucket = 'invoices') {
  const s3 = await startS3();
  cleanUp.push(s3.stop);
  await s3.client.send(new CreateBucketCommand({ Bucket }));
  return s3;
}

describe('S3 buckets', () => {
  it('are created, found, listed and deleted', async () => {
    // Prepare
    const { client } = await startWithBucket();

    // Act
    const { Buckets } = await client.send(new ListBucketsCommand());
    await client.send(new HeadBucketCommand({ Bucket: 'invoices' }));
    const { LocationConstraint } = await client.send(
      new GetBucketLocationCommand({ Bucket: 'invoices' }),
    );
    await client.send(new DeleteBucketCommand({ Bucket: 'invoices' }));

    // Assess
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['invoices']);
    expect(LocationConstraint).toBeUndefined();
    const head = client.send(new HeadBucketCommand({ Bucket: 'invoices' }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  it('are not deleted while they hold objects', async () => {
    // Prepare
    const { client } = await startWithBucket();
    await client.send(new PutObjectCommand({ Bucket: 'invoices', Key: 'a', Body: 'x' }));

    // Act
    const deletion = client.send(new DeleteBucketCommand({ Bucket: 'invoices' }));

    // Assess
    await expect(deletion).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  });

  it.each(['ab', 'Upper', 'under_score', 'two..dots', '-dash'])(
    'cannot be named %s',
    async (Bucket) => {
      // Prepare
      const { client } = await startWithBucket();

      // Act
      const creation = client.send(new CreateBucketCommand({ Bucket }));

      // Assess
      await expect(creation).rejects.toMatchObject({ name: 'InvalidBucketName' });
    },
  );

  it('refuse what is not emulated by name', async () => {
    // Prepare
    const { client } = await startWithBucket();

    // Act
    const acl = client.send(new GetBucketAclCommand({ Bucket: 'invoices' }));
    const legalHold = client.send(new GetObjectLegalHoldCommand({ Bucket: 'invoices', Key: 'a' }));

    // Assess
    await expect(acl).rejects.toThrow("S3's acl (GET acl) is not emulated here");
    await expect(legalHold).rejects.toThrow("S3's legal-hold (GET legal-hold) is not emulated");
  });
});

describe('S3 objects', () => {
  it('come back with their bytes, type and metadata', async () => {
    // Prepare
    const { client } = await startWithBucket();
    const Key = 'März/order 1+2.txt';

    // Act
    const put = await client.send(
      new PutObjectCommand({
        Bucket: 'invoices',
        Key,
        Body: 'Pencil',
        ContentType: 'text/plain',
        Metadata: { order: 'ORD-1' },
      }),
    );

    // Assess
    const got = await client.send(new GetObjectCommand({ Bucket: 'invoices', Key }));
    expect(await got.Body?.transformToString()).toBe('Pencil');
    expect(got).toMatchObject({
      ContentType: 'text/plain',
      Metadata: { order: 'ORD-1' },
      ETag: put.ETag,
      ContentLength: 6,
    });
    const head = await client.send(new HeadObjectCommand({ Bucket: 'invoices', Key }));
    expect(head.ETag).toBe(put.ETag);
  });

  it('arrive whole when they are streamed in signed chunks', async () => {
    // Prepare
    const { client } = await startWithBucket();
    const bytes = Buffer.alloc(300_000, 'pencil');

    // Act
    await client.send(
      new PutObjectCommand({
        Bucket: 'invoices',
        Key: 'streamed',
        Body: Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)]),
        ContentLength: bytes.length,
        ChecksumAlgorithm: 'SHA256',
      }),
    );

    // Assess
    const got = await client.send(new GetObjectCommand({ Bucket: 'invoices', Key: 'streamed' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(bytes);
    expect(got.ContentEncoding).toBeUndefined();
    expect(got.ChecksumSHA256).toBeDefined();
  });

  it('are refused when their checksum does not match', async () => {
    // Prepare
    const { client } = await startWithBucket();

    // Act
    const put = client.send(
      new PutObjectCommand({
        Bucket: 'invoices',
        Key: 'a',
        Body: 'Pencil',
        ChecksumCRC32: 'AAAAAA==',
      }),
    );

    // Assess
    await expect(put).rejects.toMatchObject({ name: 'BadDigest' });
  });

  it('are read in ranges', async () => {
    // Prepare
    const { client } = await startWithBucket();
    await client.send(new PutObjectCommand({ Bucket: 'invoices', Key: 'a', Body: '0123456789' }));
    const range = async (Range: string) => {
      const got = await client.send(new GetObjectCommand({ Bucket: 'invoices', Key: 'a', Range }));
      return [await got.Body?.transformToString(), got.ContentRange];
    };

    // Act and assess
    expect(await range('bytes=2-4')).toEqual(['234', 'bytes 2-4/10']);
    expect(await range('bytes=8-')).toEqual(['89', 'bytes 8-9/10']);
    expect(await range('bytes=-3')).toEqual(['789', 'bytes 7-9/10']);
    await expect(range('bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('are not replaced where only a new one is wanted', async () => {
    // Prepare
    const { client } = await startWithBucket();
    const put = new PutObjectCommand({ Bucket: 'invoices', Key: 'a', Body: 'x', IfNoneMatch: '*' });

    // Act
    const results = await Promise.allSettled([
      client.send(put),
      client.send(put),
      client.send(put),
    ]);

    // Assess
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results).toContainEqual({
      status: 'rejected',
      reason: expect.objectContaining({ name: 'PreconditionFailed' }),
    });
  });

  it('are deleted one by one or many at once, and a missing one is no error', async () => {
    // Prepare
    const { client, service } = await startWithBucket();
    for (const Key of ['a', 'b', 'c']) {
      await client.send(new PutObjectCommand({ Bucket: 'invoices', Key, Body: Key }));
    }

    // Act
    await client.send(new DeleteObjectCommand({ Bucket: 'invoices', Key: 'a' }));
    await client.send(new DeleteObjectCommand({ Bucket: 'invoices', Key: 'a' }));
    await client.send(
      new DeleteObjectsCommand({ Bucket: 'invoices', Delete: { Objects: [{ Key: 'c' }] } }),
    );

    // Assess
    expect(service.store.objects('invoices').map(({ key }) => key)).toEqual(['b']);
    const get = client.send(new GetObjectCommand({ Bucket: 'invoices', Key: 'a' }));
    await expect(get).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('are copied with their metadata', async () => {
    // Prepare
    const { client } = await startWithBucket();
    const Metadata = { order: 'ORD-1' };
    await client.send(
      new PutObjectCommand({ Bucket: 'invoices', Key: 'a b', Body: 'Pencil', Metadata }),
    );

    // Act
    await client.send(
      new CopyObjectCommand({ Bucket: 'invoices', Key: 'copy', CopySource: 'invoices/a%20b' }),
    );

    // Assess
    const got = await client.send(new GetObjectCommand({ Bucket: 'invoices', Key: 'copy' }));
    expect(await got.Body?.transformToString()).toBe('Pencil');
    expect(got.Metadata).toEqual(Metadata);
  });

  it('outlive a restart when there is a data folder', async () => {
    // Prepare
    const dataDir = await mkdtemp(join(tmpdir(), 's3-'));
    cleanUp.push(() => rm(dataDir, { recursive: true }));
    const before = await startS3(dataDir);
    await before.client.send(new CreateBucketCommand({ Bucket: 'invoices' }));
    for (const Body of ['old', 'new']) {
      await before.client.send(new PutObjectCommand({ Bucket: 'invoices', Key: 'a', Body }));
    }
    await before.stop();

    // Act
    const after = await startS3(dataDir);
    cleanUp.push(after.stop);

    // Assess
    const got = await after.client.send(new GetObjectCommand({ Bucket: 'invoices', Key: 'a' }));
    expect(await got.Body?.transformToString()).toBe('new');
  });
});
