import type { ServerResponse } from 'node:http';
import { S3Error } from '../errors.ts';
import { checksumHeader } from '../model/checksums.ts';
import { checkRead, matches } from '../model/conditions.ts';
import type { StoredObject } from '../model/object.ts';
import type { ObjectStore } from '../model/object-store.ts';
import { headerOf, type S3Request } from './operation.ts';

/** Written for versions that versioning made; others have no id to tell. */
export const versionHeader = ({ versionId }: StoredObject): Record<string, string> =>
  versionId === 'null' ? {} : { 'x-amz-version-id': versionId };

export const checksumHeaders = ({ checksum }: StoredObject): Record<string, string> =>
  checksum
    ? { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type }
    : {};

/** The element for a checksum in documents: `ChecksumCRC32`, and its type. */
export const checksumElements = ({ checksum }: StoredObject): Record<string, string> =>
  checksum
    ? { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type }
    : {};

/** Query parameters that replace a header field of the answer, for links that download. */
const OVERRIDES = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

/** Answers GET and HEAD of an object, whole or one range of it. @throws S3Error */
export async function writeObject(
  store: ObjectStore,
  object: StoredObject,
  request: S3Request,
  response: ServerResponse,
): Promise<void> {
  const common = {
    etag: object.etag,
    'last-modified': new Date(object.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
    ...versionHeader(object),
  };
  if (checkRead(request.headers, object) === 'unchanged') {
    response.writeHead(304, common).end();
    return;
  }
  const range = readRange(rangeHeader(request, object), object.size);
  const tagCount = Object.keys(object.tags).length;
  const overrides = OVERRIDES.flatMap((name) => {
    const value = request.query.get(`response-${name}`);
    return value === null ? [] : [[name, value] as const];
  });
  response.writeHead(range ? 206 : 200, {
    ...object.headers,
    ...common,
    ...(tagCount > 0 && { 'x-amz-tagging-count': String(tagCount) }),
    // A checksum is that of the whole object.
    ...(!range && headerOf(request, 'x-amz-checksum-mode') && checksumHeaders(object)),
    ...Object.fromEntries(overrides),
    'content-length': range ? range.end - range.start + 1 : object.size,
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` }),
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const body = await store.read(object);
  response.end(range ? body.subarray(range.start, range.end + 1) : body);
}

/** The range that is asked for, unless it is wanted of an older state only (`If-Range`). */
function rangeHeader(request: S3Request, object: StoredObject): string | undefined {
  const ifRange = headerOf(request, 'if-range');
  return ifRange !== undefined && !matches(ifRange, object.etag)
    ? undefined
    : request.headers.range;
}

/**
 * The first and last byte that `bytes=…` asks for (RFC 9110, section 14.1.2), or undefined when it
 * asks for all.
 *
 * @throws S3Error InvalidRange
 */
export function readRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (!match || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start >= size || start > end) {
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', {
      httpStatus: 416,
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  return { start, end };
}
