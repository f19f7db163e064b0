import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startS3 } from './s3-endpoint.ts';

const Bucket = 'invoices';

describe('tags of an object', () => {
  let s3: Awaited<ReturnType<typeof startS3>>;
  beforeAll(async () => {
    s3 = await startS3();
    await s3.client.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(() => s3.stop());

  const tagsOf = async (Key: string) => {
    const { TagSet } = await s3.client.send(new GetObjectTaggingCommand({ Bucket, Key }));
    return Object.fromEntries((TagSet ?? []).map((tag) => [tag.Key, tag.Value]));
  };
  const setTags = (Key: string, tags: Record<string, string>) =>
    s3.client.send(
      new PutObjectTaggingCommand({
        Bucket,
        Key,
        Tagging: { TagSet: Object.entries(tags).map(([name, Value]) => ({ Key: name, Value })) },
      }),
    );

  it('are set and removed without touching the object', async () => {
    const Key = 'tagged';
    const put = await s3.client.send(
      new PutObjectCommand({ Bucket, Key, Body: 'text', Tagging: 'stage=dev&owner=a%20b' }),
    );
    const first = await tagsOf(Key);
    await setTags(Key, { state: 'Paid & shipped' });
    const second = await tagsOf(Key);
    const got = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
    await s3.client.send(new DeleteObjectTaggingCommand({ Bucket, Key }));

    expect(first).toEqual({ stage: 'dev', owner: 'a b' });
    expect(second).toEqual({ state: 'Paid & shipped' });
    expect(got).toMatchObject({ ETag: put.ETag, TagCount: 1 });
    expect(await got.Body?.transformToString()).toBe('text');
    expect(await tagsOf(Key)).toEqual({});
  });

  it('are copied, or replaced where the copy says so', async () => {
    await s3.client.send(
      new PutObjectCommand({ Bucket, Key: 'source', Body: 'x', Tagging: 'stage=dev' }),
    );
    const copy = (Key: string, options: object) =>
      s3.client.send(
        new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/source`, ...options }),
      );

    await copy('same', {});
    await copy('other', { TaggingDirective: 'REPLACE', Tagging: 'stage=prod' });

    expect([await tagsOf('same'), await tagsOf('other')]).toEqual([
      { stage: 'dev' },
      { stage: 'prod' },
    ]);
  });

  it.each([
    [
      'more than ten',
      Object.fromEntries('abcdefghijk'.split('').map((k) => [k, 'v'])),
      'BadRequest',
    ],
    ['a key that AWS keeps', { 'aws:x': 'v' }, 'InvalidTag'],
    ['a long key', { ['k'.repeat(129)]: 'v' }, 'InvalidTag'],
    ['a long value', { k: 'v'.repeat(257) }, 'InvalidTag'],
  ])('are refused: %s', async (_, tags: Record<string, string>, name) => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'refused', Body: 'x' }));

    await expect(setTags('refused', tags)).rejects.toMatchObject({ name });
  });
});
