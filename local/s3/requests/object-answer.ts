import type { ServerResponse } from 'node:http';
import { AwsError } from '../../endpoint/aws-error.ts';
import type { AwsRequest } from '../../endpoint/aws-request.ts';
import type { ObjectStore, StoredObject } from '../model/object-store.ts';
import { isChecksumHeader } from './upload.ts';

/** Answers GET and HEAD of an object, whole or one range of it. @throws AwsError InvalidRange */
export async function writeObject(
  store: ObjectStore,
  object: StoredObject,
  request: AwsRequest,
  response: ServerResponse,
): Promise<void> {
  const common = {
    etag: object.etag,
    'last-modified': new Date(object.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
  };
  if (request.headers['if-none-match'] === object.etag) {
    response.writeHead(304, common).end();
    return;
  }
  const range = readRange(request.headers.range, object.size);
  const kept = Object.entries(object.headers).filter(
    // A checksum is that of the whole object.
    ([name]) => !isChecksumHeader(name) || (!range && request.headers['x-amz-checksum-mode']),
  );
  response.writeHead(range ? 206 : 200, {
    ...Object.fromEntries(kept),
    ...common,
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

/**
 * The first and last byte that `bytes=…` asks for (RFC 9110, section 14.1.2), or undefined when it
 * asks for all.
 *
 * @throws AwsError InvalidRange
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
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', {
      httpStatus: 416,
    });
  }
  return { start, end };
}
