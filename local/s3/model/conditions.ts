import type { IncomingHttpHeaders } from 'node:http';
import { noSuchKey, preconditionFailed } from '../errors.ts';

/** What conditions compare: an object that is there. */
interface Comparable {
  etag: string;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

/**
 * Checks the conditions under which an object may be written or deleted.
 *
 * @param current the object in its place, if there is one
 * @throws S3Error PreconditionFailed; NoSuchKey where `If-Match` asks for an object that is not there
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWrite(headers: IncomingHttpHeaders, current: Comparable | undefined): void {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) {
    if (!current) throw noSuchKey();
    if (!matches(ifMatch, current.etag)) throw preconditionFailed('If-Match');
  }
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && current && matches(ifNoneMatch, current.etag)) {
    throw preconditionFailed('If-None-Match');
  }
}

/**
 * Checks the conditions under which an object is read (RFC 9110, section 13.2.2).
 *
 * @returns `unchanged` when the client has it already
 * @throws S3Error PreconditionFailed
 */
export function checkRead(
  headers: IncomingHttpHeaders,
  object: Comparable,
): 'changed' | 'unchanged' {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object.etag)) throw preconditionFailed('If-Match');
  } else if (isModifiedSince(object, headers['if-unmodified-since']) === true) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) {
    return matches(ifNoneMatch, object.etag) ? 'unchanged' : 'changed';
  }
  return isModifiedSince(object, headers['if-modified-since']) === false ? 'unchanged' : 'changed';
}

/**
 * Checks the conditions on the object that a copy is made of.
 *
 * @throws S3Error PreconditionFailed
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function checkCopySource(headers: IncomingHttpHeaders, source: Comparable): void {
  const condition = (name: string): string | undefined =>
    headers[`x-amz-copy-source-${name}`]?.toString();
  const sourceConditions = {
    'if-match': condition('if-match'),
    'if-none-match': condition('if-none-match'),
    'if-modified-since': condition('if-modified-since'),
    'if-unmodified-since': condition('if-unmodified-since'),
  };
  if (checkRead(sourceConditions, source) === 'unchanged') {
    throw preconditionFailed('x-amz-copy-source-If-None-Match');
  }
}

/** `*`, or one of a list of entity tags with or without their quotes. */
export function matches(header: string, etag: string): boolean {
  const bare = etag.replaceAll('"', '');
  return header
    .split(',')
    .map((each) => each.trim().replace(/^W\//, '').replaceAll('"', ''))
    .some((each) => each === '*' || each === bare);
}

/** Undefined without a date that can be read. HTTP dates know whole seconds only. */
function isModifiedSince(
  { modifiedAt }: Comparable,
  date: string | undefined,
): boolean | undefined {
  const since = Date.parse(date ?? '');
  return Number.isNaN(since) ? undefined : Math.floor(modifiedAt / 1000) * 1000 > since;
}
