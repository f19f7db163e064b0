import type { ServerResponse } from 'node:http';
import { malformedXml } from '../errors.ts';
import { checksum, checksumHeader } from '../model/checksums.ts';
import { checkWrite } from '../model/conditions.ts';
import { assemble, checksumType, type MultipartUpload } from '../model/multipart-uploads.ts';
import { copySourceHeader, readCopySource } from './copying.ts';
import { checksumElements, readRange, versionHeader } from './object-answer.ts';
import { headerOf, type OperationParts, type Operations, type S3Request } from './operation.ts';
import { readTagHeader } from './tagging.ts';
import { keptHeaders, namedAlgorithm, readUpload } from './upload.ts';
import { readParts, writeXmlDocument } from './xml.ts';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
export function uploadOperations({ context, store, uploads }: OperationParts): Operations {
  const uploadOf = ({ bucket, key, query }: S3Request): MultipartUpload => {
    store.bucket(bucket);
    return uploads.find(bucket, key, query.get('uploadId') ?? '');
  };
  const putPart = (request: S3Request, response: ServerResponse): void => {
    const upload = uploadOf(request);
    const { body, checksum: sent } = readUpload(request);
    const { etag } = uploads.putPart(upload, partNumberOf(request), body);
    response.writeHead(200, { etag, [checksumHeader(sent.algorithm)]: sent.value }).end();
  };
  const copyPart = async (request: S3Request, response: ServerResponse): Promise<void> => {
    const upload = uploadOf(request);
    const { object } = readCopySource(store, request);
    const whole = await store.read(object);
    const range = readRange(headerOf(request, 'x-amz-copy-source-range'), whole.length);
    const body = range ? whole.subarray(range.start, range.end + 1) : whole;
    const part = uploads.putPart(upload, partNumberOf(request), body);
    const result = { ETag: part.etag, LastModified: new Date(part.modifiedAt).toISOString() };
    writeXmlDocument(response, 'CopyPartResult', result, copySourceHeader(object));
  };
  return {
    'POST uploads'(request, response) {
      const { bucket, key } = request;
      store.bucket(bucket);
      const algorithm = namedAlgorithm(request);
      const upload = uploads.create({
        bucket,
        key,
        headers: keptHeaders(request),
        tags: readTagHeader(headerOf(request, 'x-amz-tagging')),
        ...(algorithm && {
          checksum: {
            algorithm,
            type: checksumType(algorithm, headerOf(request, 'x-amz-checksum-type')),
          },
        }),
      });
      const result = { Bucket: bucket, Key: key, UploadId: upload.uploadId };
      writeXmlDocument(response, 'InitiateMultipartUploadResult', result, {
        ...(upload.checksum && {
          'x-amz-checksum-algorithm': upload.checksum.algorithm,
          'x-amz-checksum-type': upload.checksum.type,
        }),
      });
    },

    'PUT uploadId': (request, response) =>
      headerOf(request, 'x-amz-copy-source') === undefined
        ? putPart(request, response)
        : copyPart(request, response),

    async 'POST uploadId'(request, response) {
      const { bucket, key } = request;
      const upload = uploadOf(request);
      const named = readParts(request.body);
      if (named.length === 0) throw malformedXml();
      const object = await store.put('ObjectCreated:CompleteMultipartUpload', request, {
        ...assemble(upload, named),
        condition: (current) => checkWrite(request.headers, current),
      });
      uploads.forget(upload);
      const result = {
        Location: `${context.endpoint()}/${bucket}/${encodeURIComponent(key)}`,
        Bucket: bucket,
        Key: key,
        ETag: object.etag,
        ...checksumElements(object),
      };
      writeXmlDocument(response, 'CompleteMultipartUploadResult', result, versionHeader(object));
    },

    'DELETE uploadId'(request, response) {
      uploads.forget(uploadOf(request));
      response.writeHead(204).end();
    },

    'GET uploadId'(request, response) {
      const upload = uploadOf(request);
      const parts = [...upload.parts.values()]
        .toSorted((left, right) => left.partNumber - right.partNumber)
        .map(({ partNumber, body, etag, modifiedAt }) => ({
          PartNumber: partNumber,
          LastModified: new Date(modifiedAt).toISOString(),
          ETag: etag,
          Size: body.length,
          ...(upload.checksum && {
            [`Checksum${upload.checksum.algorithm}`]: checksum(
              upload.checksum.algorithm,
              body,
            ).toString('base64'),
          }),
        }));
      writeXmlDocument(response, 'ListPartsResult', {
        Bucket: upload.bucket,
        Key: upload.key,
        UploadId: upload.uploadId,
        MaxParts: 10_000,
        IsTruncated: false,
        Part: parts,
      });
    },
  };
}

/** The uploads of a bucket that are under way, as ListMultipartUploads tells them. */
export function listUploads({ uploads }: OperationParts, { bucket, query }: S3Request): object {
  const prefix = query.get('prefix') ?? '';
  return {
    Bucket: bucket,
    Prefix: prefix,
    MaxUploads: 1_000,
    IsTruncated: false,
    Upload: uploads
      .of(bucket)
      .filter(({ key }) => key.startsWith(prefix))
      .map(({ key, uploadId, initiatedAt }) => ({
        Key: key,
        UploadId: uploadId,
        StorageClass: 'STANDARD',
        Initiated: new Date(initiatedAt).toISOString(),
      })),
  };
}

const partNumberOf = ({ query }: S3Request): number => Number(query.get('partNumber') ?? '');
