import type { ServerResponse } from 'node:http';
import { invalidArgument, invalidRequest } from '../errors.ts';
import { checkCopySource, checkWrite } from '../model/conditions.ts';
import { checksum } from '../model/checksums.ts';
import type { StoredObject } from '../model/object.ts';
import type { ObjectStore } from '../model/object-store.ts';
import { checksumElements, versionHeader } from './object-answer.ts';
import { decodeKey, headerOf, type OperationParts, type S3Request } from './operation.ts';
import { readTagHeader } from './tagging.ts';
import { keptHeaders, namedAlgorithm } from './upload.ts';
import { writeXmlDocument } from './xml.ts';

/** An object to copy from, and the version that the request named. */
export interface CopySource {
  object: StoredObject;
  versionId?: string;
}

/**
 * Reads `x-amz-copy-source`: `bucket/key` or `bucket/key?versionId=…`, URL-encoded.
 *
 * @throws S3Error InvalidArgument, NoSuchBucket, NoSuchKey, NoSuchVersion, PreconditionFailed
 */
export function readCopySource(store: ObjectStore, request: S3Request): CopySource {
  const header = headerOf(request, 'x-amz-copy-source') ?? '';
  const [path = '', versionId] = header.split('?versionId=');
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodeKey(path)) ?? [];
  if (bucket === undefined || key === undefined) {
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  }
  const object = store.object(bucket, key, versionId);
  checkCopySource(request.headers, object);
  return { object, ...(versionId !== undefined && { versionId }) };
}

/**
 * Copies with the metadata and tags of the source, or with those of the request where a directive
 * says REPLACE.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export async function copyObject(
  { store }: OperationParts,
  request: S3Request,
  response: ServerResponse,
): Promise<void> {
  store.bucket(request.bucket);
  const source = readCopySource(store, request);
  const replacesMetadata = headerOf(request, 'x-amz-metadata-directive') === 'REPLACE';
  const replacesTags = headerOf(request, 'x-amz-tagging-directive') === 'REPLACE';
  refuseCopyToItself(source, request, replacesMetadata);
  const body = await store.read(source.object);
  const algorithm = namedAlgorithm(request) ?? source.object.checksum?.algorithm ?? 'CRC64NVME';
  const copy = await store.put('ObjectCreated:Copy', request, {
    body,
    headers: replacesMetadata ? keptHeaders(request) : source.object.headers,
    tags: replacesTags ? readTagHeader(headerOf(request, 'x-amz-tagging')) : source.object.tags,
    checksum: {
      algorithm,
      type: 'FULL_OBJECT',
      value: checksum(algorithm, body).toString('base64'),
    },
    condition: (current) => checkWrite(request.headers, current),
  });
  const result = {
    ETag: copy.etag,
    LastModified: new Date(copy.modifiedAt).toISOString(),
    ...checksumElements(copy),
  };
  writeXmlDocument(response, 'CopyObjectResult', result, {
    ...versionHeader(copy),
    ...copySourceHeader(source.object),
  });
}

/** Tells which version was copied. */
export const copySourceHeader = (source: StoredObject): Record<string, string> =>
  source.versionId === 'null' ? {} : { 'x-amz-copy-source-version-id': source.versionId };

function refuseCopyToItself(
  { object, versionId }: CopySource,
  { bucket, key }: S3Request,
  changes: boolean,
): void {
  if (changes || versionId !== undefined) return;
  if (object.bucket !== bucket || object.key !== key) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}
