import type { ServerResponse } from 'node:http';
import { invalidArgument, notImplemented } from '../errors.ts';
import { checkRead, checkWrite } from '../model/conditions.ts';
import { isDeleteMarker, type StoredObject } from '../model/object.ts';
import { copyObject } from './copying.ts';
import { checksumElements, checksumHeaders, versionHeader, writeObject } from './object-answer.ts';
import {
  headerOf,
  versionIdOf,
  type OperationParts,
  type Operations,
  type S3Request,
} from './operation.ts';
import { readTagHeader } from './tagging.ts';
import { readUpload } from './upload.ts';
import { writeXmlDocument } from './xml.ts';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
export function objectOperations(parts: OperationParts): Operations {
  const { store } = parts;
  const read = (request: S3Request, response: ServerResponse): Promise<void> => {
    if (request.query.has('partNumber')) throw notImplemented('Reading one part of an object');
    const object = store.object(request.bucket, request.key, versionIdOf(request));
    return writeObject(store, object, request, response);
  };
  return {
    GET: read,
    HEAD: read,

    async PUT(request, response) {
      if (headerOf(request, 'x-amz-copy-source') !== undefined) {
        return copyObject(parts, request, response);
      }
      store.bucket(request.bucket);
      const tags = readTagHeader(headerOf(request, 'x-amz-tagging'));
      const object = await store.put('ObjectCreated:Put', request, {
        ...readUpload(request),
        tags,
        condition: (current) => checkWrite(request.headers, current),
      });
      const headers = { etag: object.etag, ...versionHeader(object), ...checksumHeaders(object) };
      response.writeHead(200, headers).end();
      return undefined;
    },

    async DELETE(request, response) {
      const { bucket, key } = request;
      const ifMatch = headerOf(request, 'if-match');
      if (ifMatch !== undefined) checkWrite({ 'if-match': ifMatch }, store.find(bucket, key));
      const { deleted, marker } = await store.delete(bucket, key, versionIdOf(request));
      const isMarker = marker !== undefined || (deleted && isDeleteMarker(deleted));
      const version = marker ?? (versionIdOf(request) === undefined ? undefined : deleted);
      response.writeHead(204, {
        ...(version && { 'x-amz-version-id': version.versionId }),
        ...(isMarker && { 'x-amz-delete-marker': 'true' }),
      });
      response.end();
    },

    'GET attributes'(request, response) {
      const object = store.object(request.bucket, request.key, versionIdOf(request));
      checkRead(request.headers, object);
      writeXmlDocument(response, 'GetObjectAttributesResponse', attributesOf(object, request), {
        'last-modified': new Date(object.modifiedAt).toUTCString(),
        ...versionHeader(object),
      });
    },
  };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html */
function attributesOf(object: StoredObject, request: S3Request): object {
  const wanted = (headerOf(request, 'x-amz-object-attributes') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (wanted.length === 0) {
    throw invalidArgument('At least one attribute must be named in x-amz-object-attributes.');
  }
  const attributes: Record<string, unknown> = {
    ETag: object.etag.replaceAll('"', ''),
    Checksum: object.checksum ? checksumElements(object) : undefined,
    ObjectParts: object.partSizes ? { PartsCount: object.partSizes.length } : undefined,
    StorageClass: 'STANDARD',
    ObjectSize: object.size,
  };
  const unknown = wanted.find((name) => !Object.hasOwn(attributes, name));
  if (unknown !== undefined) throw invalidArgument(`Invalid attribute name specified: ${unknown}`);
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([name, value]) => wanted.includes(name) && value !== undefined,
    ),
  );
}
