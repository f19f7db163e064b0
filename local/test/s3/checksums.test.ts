import {
  ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checksum } from '../../s3/model/checksums.ts';
import { startS3 } from './s3-endpoint.ts';

const Bucket = 'invoices';
/** The input of the check values in the catalogue of parametrised CRC algorithms. */
const CHECK = Buffer.from('123456789');

describe('checksums', () => {
  let s3: Awaited<ReturnType<typeof startS3>>;
  beforeAll(async () => {
    s3 = await startS3();
    await s3.client.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(() => s3.stop());

  it.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
    ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
    ['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ] as const)('of %s have the known value', (algorithm, hex) => {
    expect(checksum(algorithm, CHECK).toString('hex')).toBe(hex);
  });

  it.each([
    ChecksumAlgorithm.CRC32,
    ChecksumAlgorithm.CRC32C,
    ChecksumAlgorithm.CRC64NVME,
    ChecksumAlgorithm.SHA1,
    ChecksumAlgorithm.SHA256,
  ])('of %s come back as the client made them, and are verified', async (algorithm) => {
    const member = `Checksum${algorithm}` as const;
    const target = { Bucket, Key: algorithm };

    const put = await s3.client.send(
      new PutObjectCommand({ ...target, Body: CHECK, ChecksumAlgorithm: algorithm }),
    );
    const forged = s3.client.send(
      new PutObjectCommand({ ...target, Body: 'forged', [member]: put[member] }),
    );

    await expect(forged).rejects.toMatchObject({ name: 'BadDigest' });
    const got = await s3.client.send(new GetObjectCommand({ ...target, ChecksumMode: 'ENABLED' }));
    expect(await got.Body?.transformToString()).toBe('123456789');
    expect(got[member]).toBe(put[member]);
    expect(got.ChecksumType).toBe('FULL_OBJECT');
  });

  it('are made for an object that came without one', async () => {
    const signed = { authorization: 'AWS test:unverified' };
    await fetch(`${s3.url}/${Bucket}/plain`, { method: 'PUT', body: CHECK, headers: signed });

    const head = await s3.client.send(
      new HeadObjectCommand({ Bucket, Key: 'plain', ChecksumMode: 'ENABLED' }),
    );

    expect(head.ChecksumCRC64NVME).toBe(checksum('CRC64NVME', CHECK).toString('base64'));
  });

  it.each([
    ['CRC32', 'COMPOSITE'],
    ['SHA256', 'COMPOSITE'],
    ['CRC32', 'FULL_OBJECT'],
    ['CRC64NVME', 'FULL_OBJECT'],
  ] as const)('of %s over parts are %s', async (algorithm, type) => {
    const target = { Bucket, Key: `parts-${algorithm}-${type}` };
    const { UploadId } = await s3.client.send(
      new CreateMultipartUploadCommand({
        ...target,
        ChecksumAlgorithm: algorithm,
        ChecksumType: type,
      }),
    );
    const part = { ...target, UploadId, PartNumber: 1, Body: CHECK, ChecksumAlgorithm: algorithm };
    const { ETag } = await s3.client.send(new UploadPartCommand(part));

    const completed = await s3.client.send(
      new CompleteMultipartUploadCommand({
        ...target,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    );

    const whole = checksum(algorithm, CHECK);
    const expected =
      type === 'FULL_OBJECT'
        ? whole.toString('base64')
        : `${checksum(algorithm, whole).toString('base64')}-1`;
    expect(completed[`Checksum${algorithm}`]).toBe(expected);
    expect(completed.ChecksumType).toBe(type);
  });

  it('and the other attributes of an object are told without its body', async () => {
    const Body = 'Pencil';
    const put = await s3.client.send(new PutObjectCommand({ Bucket, Key: 'told', Body }));

    const attributes = await s3.client.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: 'told',
        ObjectAttributes: ['ETag', 'Checksum', 'ObjectSize', 'StorageClass'],
      }),
    );

    expect(attributes).toMatchObject({
      ETag: put.ETag?.replaceAll('"', ''),
      Checksum: { ChecksumCRC32: put.ChecksumCRC32, ChecksumType: 'FULL_OBJECT' },
      ObjectSize: 6,
      StorageClass: 'STANDARD',
    });
  });
});
