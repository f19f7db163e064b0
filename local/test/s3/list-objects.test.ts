import {
  CreateBucketCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { StoredObject } from '../../s3/model/object.ts';
import { listObjects } from '../../s3/requests/listing.ts';
import { startS3 } from './s3-endpoint.ts';

const object = (key: string): StoredObject => ({
  bucket: 'b',
  key,
  size: 0,
  etag: '""',
  modifiedAt: 0,
  headers: {},
  tags: {},
  versionId: 'null',
  sequence: 0,
  bodyId: key,
});

interface Listing {
  Contents: { Key: string }[];
  CommonPrefixes: { Prefix: string }[];
  NextContinuationToken?: string;
  IsTruncated: boolean;
}

const namesOf = ({ Contents, CommonPrefixes }: Listing): string[] => [
  ...Contents.map(({ Key }) => Key),
  ...CommonPrefixes.map(({ Prefix }) => Prefix),
];

describe('listing objects', () => {
  it('groups by delimiter and pages through everything over the wire', async () => {
    // Prepare
    const { client, stop } = await startS3();
    await client.send(new CreateBucketCommand({ Bucket: 'invoices' }));
    for (const Key of ['a.txt', 'orders/1', 'orders/2', 'z & z.txt']) {
      await client.send(new PutObjectCommand({ Bucket: 'invoices', Key, Body: 'x' }));
    }

    // Act
    const grouped = await client.send(
      new ListObjectsV2Command({ Bucket: 'invoices', Delimiter: '/' }),
    );
    const paged: (string | undefined)[] = [];
    const pages = paginateListObjectsV2({ client, pageSize: 1 }, { Bucket: 'invoices' });
    for await (const { Contents } of pages) paged.push(...(Contents ?? []).map(({ Key }) => Key));
    await stop();

    // Assess
    expect(grouped.Contents?.map(({ Key }) => Key)).toEqual(['a.txt', 'z & z.txt']);
    expect(grouped.CommonPrefixes).toEqual([{ Prefix: 'orders/' }]);
    expect(grouped.KeyCount).toBe(3);
    expect(paged).toEqual(['a.txt', 'orders/1', 'orders/2', 'z & z.txt']);
  });

  it('shows the same in pages of any size as in one', () => {
    const keys = fc.uniqueArray(fc.stringMatching(/^[ab/]{1,5}$/), { maxLength: 20 });
    const size = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(keys, size, fc.constantFrom('', '/'), (names, maxKeys, delimiter) => {
        const objects = names.toSorted().map(object);
        const list = (query: Record<string, string>): Listing =>
          listObjects(
            'b',
            objects,
            new URLSearchParams({ 'list-type': '2', delimiter, ...query }),
          ) as Listing;
        const paged: string[] = [];
        let page = list({ 'max-keys': String(maxKeys) });
        paged.push(...namesOf(page));
        while (page.NextContinuationToken !== undefined) {
          page = list({
            'max-keys': String(maxKeys),
            'continuation-token': page.NextContinuationToken,
          });
          paged.push(...namesOf(page));
        }
        expect(paged.toSorted()).toEqual(namesOf(list({})).toSorted());
      }),
    );
  });
});
