import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startS3 } from './s3-endpoint.ts';

const Bucket = 'invoices';
const SMALLEST = 5 * 1024 * 1024;
const LARGE = 'x'.repeat(SMALLEST);

describe('an upload in parts', () => {
  let s3: Awaited<ReturnType<typeof startS3>>;
  beforeAll(async () => {
    s3 = await startS3();
    await s3.client.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(() => s3.stop());

  async function begin(Key: string, options: Partial<CreateMultipartUploadCommandInput> = {}) {
    const created = await s3.client.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ...options }),
    );
    const target = { Bucket, Key, UploadId: created.UploadId };
    return {
      target,
      putPart: async (PartNumber: number, Body: string): Promise<CompletedPart> => {
        const { ETag } = await s3.client.send(
          new UploadPartCommand({ ...target, PartNumber, Body }),
        );
        return { PartNumber, ETag };
      },
      complete: (Parts: CompletedPart[], condition: { IfNoneMatch?: string } = {}) =>
        s3.client.send(
          new CompleteMultipartUploadCommand({
            ...target,
            MultipartUpload: { Parts },
            ...condition,
          }),
        ),
      abort: () => s3.client.send(new AbortMultipartUploadCommand(target)),
    };
  }
  const read = async (Key: string): Promise<string> => {
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  };

  it('puts them together in the order of their numbers, with what it began with', async () => {
    const upload = await begin('big', { Metadata: { order: 'ORD-1' }, ContentType: 'text/plain' });
    const last = await upload.putPart(7, 'end');
    const first = await upload.putPart(2, LARGE);

    const completed = await upload.complete([first, last]);

    const got = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'big' }));
    expect(await got.Body?.transformToString()).toBe(`${LARGE}end`);
    expect(got).toMatchObject({ ContentType: 'text/plain', Metadata: { order: 'ORD-1' } });
    expect(completed.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect(completed.ETag).toBe(got.ETag);
  });

  it('takes the last of two parts of one number', async () => {
    const upload = await begin('twice');
    const earlier = await upload.putPart(1, 'earlier');
    const later = await upload.putPart(1, 'later');

    await expect(upload.complete([earlier])).rejects.toMatchObject({ name: 'InvalidPart' });
    await upload.complete([later]);

    expect(await read('twice')).toBe('later');
  });

  it.each([
    ['a part that was not sent', [1, 3], 'InvalidPart'],
    ['another order than that of the numbers', [2, 1], 'InvalidPartOrder'],
    ['one number twice', [1, 1], 'InvalidPartOrder'],
    ['a part of less than 5 MiB before another', [1, 2], 'EntityTooSmall'],
    ['no part', [], 'MalformedXML'],
  ])('is not completed with %s', async (_, numbers, name) => {
    const upload = await begin('refused');
    const parts = new Map<number, CompletedPart>();
    for (const number of [1, 2]) parts.set(number, await upload.putPart(number, 'small'));
    const named = numbers.map((number) => parts.get(number) ?? { PartNumber: number, ETag: '"x"' });

    await expect(upload.complete(named)).rejects.toMatchObject({ name });
  });

  it('is not completed with a part of another entity tag or of none', async () => {
    const upload = await begin('etags');
    await upload.putPart(1, 'text');

    await expect(upload.complete([{ PartNumber: 1, ETag: '"0"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    await expect(upload.complete([{ PartNumber: 1 }])).rejects.toMatchObject({
      name: 'MalformedXML',
    });
  });

  it.each([0, 10_001])('has no part of number %i', async (number) => {
    const upload = await begin('numbers');

    await expect(upload.putPart(number, 'text')).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  it('does not replace an object where only a new one is wanted', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'old' }));
    const upload = await begin('kept');
    const part = await upload.putPart(1, 'new');

    await expect(upload.complete([part], { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(await read('kept')).toBe('old');
  });

  it('is gone when aborted or completed', async () => {
    const aborted = await begin('aborted');
    await aborted.abort();
    const completed = await begin('completed');
    await completed.complete([await completed.putPart(1, 'text')]);

    const NoSuchUpload = { name: 'NoSuchUpload', $metadata: { httpStatusCode: 404 } };
    await expect(aborted.abort()).rejects.toMatchObject(NoSuchUpload);
    await expect(aborted.putPart(1, 'text')).rejects.toMatchObject(NoSuchUpload);
    await expect(completed.abort()).rejects.toMatchObject(NoSuchUpload);
  });

  it('belongs to one key', async () => {
    const { target } = await begin('mine');
    const foreign = new AbortMultipartUploadCommand({ ...target, Key: 'other' });

    await expect(s3.client.send(foreign)).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('is listed with its parts while it is under way', async () => {
    const upload = await begin('listed/1');
    const part = await upload.putPart(3, 'text');

    const uploads = await s3.client.send(
      new ListMultipartUploadsCommand({ Bucket, Prefix: 'listed/' }),
    );
    const parts = await s3.client.send(new ListPartsCommand(upload.target));

    expect(uploads.Uploads).toMatchObject([{ Key: 'listed/1', UploadId: upload.target.UploadId }]);
    expect(parts.Parts).toMatchObject([{ PartNumber: 3, ETag: part.ETag, Size: 4 }]);
  });

  it('copies parts from ranges of another object', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: '0123456789' }));
    const upload = await begin('copy');

    const { CopyPartResult } = await s3.client.send(
      new UploadPartCopyCommand({
        ...upload.target,
        PartNumber: 1,
        CopySource: 'invoices/source',
        CopySourceRange: 'bytes=3-5',
      }),
    );
    await upload.complete([{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);

    expect(await read('copy')).toBe('345');
  });
});
