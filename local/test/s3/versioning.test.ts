import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type BucketVersioningStatus,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startS3 } from './s3-endpoint.ts';

const Bucket = 'invoices';
const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task();
});

async function versioned(dataDir?: string) {
  const s3 = await startS3(dataDir);
  cleanUp.push(s3.stop);
  const { client } = s3;
  await client.send(new CreateBucketCommand({ Bucket }));
  const set = (Status: BucketVersioningStatus) =>
    client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  await set('Enabled');
  return {
    ...s3,
    set,
    put: async (Body: string, Key = 'a') =>
      (await client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId,
    read: async (VersionId?: string) => {
      const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a', VersionId }));
      return got.Body?.transformToString();
    },
    remove: (VersionId?: string) =>
      client.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId })),
    list: () => client.send(new ListObjectVersionsCommand({ Bucket })),
  };
}

describe('a bucket with versioning', () => {
  it('tells its state, which is none before it is configured', async () => {
    const { client, set } = await versioned();
    await client.send(new CreateBucketCommand({ Bucket: 'plain' }));
    const stateOf = async (name: string) =>
      (await client.send(new GetBucketVersioningCommand({ Bucket: name }))).Status;

    const before = await stateOf('plain');
    await set('Suspended');

    expect([before, await stateOf(Bucket)]).toEqual([undefined, 'Suspended']);
  });

  it('keeps what is written over', async () => {
    const { put, read } = await versioned();

    const first = await put('first');
    const second = await put('second');

    expect([await read(), await read(first), await read(second)]).toEqual([
      'second',
      'first',
      'second',
    ]);
  });

  it('hides a deleted object behind a marker, and shows it when the marker is deleted', async () => {
    const { client, put, read, remove } = await versioned();
    const first = await put('first');

    const { DeleteMarker, VersionId: marker } = await remove();
    const listed = await client.send(new ListObjectsV2Command({ Bucket }));
    const hidden = await read().catch((error: unknown) => error);
    const head = client.send(new HeadObjectCommand({ Bucket, Key: 'a', VersionId: marker }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 405 } });
    const old = await read(first);
    const removed = await remove(marker);

    expect(DeleteMarker).toBe(true);
    expect(listed.KeyCount).toBe(0);
    expect(hidden).toMatchObject({ name: 'NoSuchKey' });
    expect(old).toBe('first');
    expect(removed).toMatchObject({ DeleteMarker: true, VersionId: marker });
    expect(await read()).toBe('first');
  });

  it('lists all versions, the newest of each key first, in pages', async () => {
    const { client, put, remove } = await versioned();
    const ids = [await put('1'), await put('2')];
    const { VersionId: marker } = await remove();
    const other = await put('3', 'b');

    const seen: (string | undefined)[] = [];
    let from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (let truncated = true; truncated;) {
      const page = await client.send(
        new ListObjectVersionsCommand({ Bucket, MaxKeys: 1, ...from }),
      );
      seen.push(
        ...[...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map((v) => v.VersionId),
      );
      from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      truncated = page.IsTruncated === true;
    }

    expect(seen).toEqual([marker, ids[1], ids[0], other]);
  });

  it('tells which version is the latest', async () => {
    const { list, put } = await versioned();
    const first = await put('1');
    const second = await put('22');

    const { Versions } = await list();

    expect(Versions).toMatchObject([
      { VersionId: second, IsLatest: true, Size: 2 },
      { VersionId: first, IsLatest: false, Size: 1 },
    ]);
  });

  it('writes in place of the null version while versioning is suspended', async () => {
    const { list, put, read, remove, set } = await versioned();
    const kept = await put('kept');
    await set('Suspended');

    await put('replaced');
    await put('null version');
    const newest = await read();
    await remove();
    const { Versions, DeleteMarkers } = await list();

    expect(newest).toBe('null version');
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual([kept]);
    expect(DeleteMarkers).toMatchObject([{ VersionId: 'null', IsLatest: true }]);
    expect(await read(kept)).toBe('kept');
  });

  it('copies an older version', async () => {
    const { client, put, read } = await versioned();
    const first = await put('first');
    await put('second');

    const copied = await client.send(
      new CopyObjectCommand({ Bucket, Key: 'a', CopySource: `${Bucket}/a?versionId=${first}` }),
    );

    expect(copied.CopySourceVersionId).toBe(first);
    expect(await read()).toBe('first');
  });

  it('deletes many versions at once, and only then can be deleted itself', async () => {
    const { client, list, put, remove } = await versioned();
    await put('1');
    await remove();
    const deletion = () => client.send(new DeleteBucketCommand({ Bucket }));
    await expect(deletion()).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    const { Versions = [], DeleteMarkers = [] } = await list();

    const { Deleted } = await client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: {
          Objects: [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({
            Key,
            VersionId,
          })),
        },
      }),
    );
    await deletion();

    expect(Deleted?.map((each) => each.DeleteMarker)).toEqual([undefined, true]);
  });

  it.each([
    ['no-such-version', 'NoSuchVersion', 404],
    ['<odd>', 'InvalidArgument', 400],
  ])('has no version %s', async (VersionId, name, httpStatusCode) => {
    const { client, put } = await versioned();
    await put('1');

    const read = client.send(new GetObjectCommand({ Bucket, Key: 'a', VersionId }));

    await expect(read).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
  });

  it('keeps the order of its versions over a restart', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 's3-'));
    cleanUp.push(() => rm(dataDir, { recursive: true }));
    const before = await versioned(dataDir);
    await before.set('Suspended');
    await before.put('null');
    await before.set('Enabled');
    const versionId = await before.put('enabled');
    await before.set('Suspended');
    await before.put('null again');
    await before.stop();
    cleanUp.pop();

    const after = await startS3(dataDir);
    cleanUp.push(after.stop);
    const { Versions } = await after.client.send(new ListObjectVersionsCommand({ Bucket }));

    expect(Versions?.map((each) => each.VersionId)).toEqual(['null', versionId]);
  });

  it('tells whoever subscribed of every change', async () => {
    const { client, put, remove, service } = await versioned();
    const changes: string[] = [];
    service.store.subscribe(({ name, object }) => changes.push(`${name} ${object.key}`));

    const version = await put('1');
    await remove();
    await remove(version);
    await put('2', 'c');
    await client.send(new CopyObjectCommand({ Bucket, Key: 'd', CopySource: `${Bucket}/c` }));

    expect(changes).toEqual([
      'ObjectCreated:Put a',
      'ObjectRemoved:DeleteMarkerCreated a',
      'ObjectRemoved:Delete a',
      'ObjectCreated:Put c',
      'ObjectCreated:Copy d',
    ]);
  });
});
