import { createHash } from 'node:crypto';
import type { AwsRequest } from '../../endpoint/aws-request.ts';
import { incompleteBody, invalidRequest, S3Error } from '../errors.ts';
import {
  checksum,
  CHECKSUM_ALGORITHMS,
  checksumHeader,
  isChecksumAlgorithm,
  type ChecksumAlgorithm,
} from '../model/checksums.ts';
import type { StoredObject } from '../model/object.ts';

/** What a PUT carries, with its transfer encoding taken off and its checksums verified. */
export interface Upload {
  body: Buffer;
  /** The header fields to keep with the object. */
  headers: Record<string, string>;
  checksum: NonNullable<StoredObject['checksum']>;
}

const KEPT_HEADERS = new Set([
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'expires',
]);
/** In bytes, names included. */
const MOST_METADATA = 2_048;

/** @throws S3Error IncompleteBody, BadDigest, InvalidRequest, MetadataTooLarge */
export function readUpload(request: AwsRequest): Upload {
  const chunked =
    encodingsOf(request).includes('aws-chunked') ||
    String(request.headers['x-amz-content-sha256']).startsWith('STREAMING-');
  const { body, trailers } = chunked
    ? decodeAwsChunked(request.body)
    : { body: request.body, trailers: {} };
  const contentMd5 = request.headers['content-md5'];
  if (contentMd5 !== undefined) {
    verify('MD5', createHash('md5').update(body).digest(), String(contentMd5));
  }
  return {
    body,
    headers: keptHeaders(request),
    checksum: verifiedChecksum({ ...request.headers, ...trailers }, body),
  };
}

/** The header fields of a request that an object keeps. @throws S3Error MetadataTooLarge */
export function keptHeaders(request: AwsRequest): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  let metadata = 0;
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value !== 'string') continue;
    const isMetadata = name.startsWith('x-amz-meta-');
    if (isMetadata) metadata += name.length - 'x-amz-meta-'.length + Buffer.byteLength(value);
    if (isMetadata || KEPT_HEADERS.has(name)) headers[name] = value;
  }
  if (metadata > MOST_METADATA) {
    throw new S3Error(
      'MetadataTooLarge',
      `Your metadata headers exceed the maximum allowed metadata size: ${metadata} bytes, not ${MOST_METADATA}`,
    );
  }
  const lasting = encodingsOf(request).filter((encoding) => encoding !== 'aws-chunked');
  if (lasting.length > 0) headers['content-encoding'] = lasting.join(',');
  return headers;
}

/** The algorithm that a request names for its checksum. @throws S3Error InvalidRequest */
export function namedAlgorithm(request: AwsRequest): ChecksumAlgorithm | undefined {
  const name =
    request.headers['x-amz-checksum-algorithm'] ?? request.headers['x-amz-sdk-checksum-algorithm'];
  if (name === undefined) return undefined;
  const algorithm = name.toString().toUpperCase();
  if (isChecksumAlgorithm(algorithm)) return algorithm;
  throw invalidRequest(`Checksum algorithm provided is unsupported: ${algorithm}`);
}

const encodingsOf = (request: AwsRequest): string[] =>
  (request.headers['content-encoding'] ?? '')
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '');

/** The checksum that came with a body; one of CRC64NVME, as S3 adds it, where none came. */
function verifiedChecksum(
  headers: Record<string, string | string[] | undefined>,
  body: Buffer,
): Upload['checksum'] {
  const type = 'FULL_OBJECT';
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = headers[checksumHeader(algorithm)];
    if (typeof value !== 'string') continue;
    verify(algorithm, checksum(algorithm, body), value);
    return { algorithm, value, type };
  }
  const value = checksum('CRC64NVME', body).toString('base64');
  return { algorithm: 'CRC64NVME', value, type };
}

function verify(algorithm: string, actual: Buffer, expected: string): void {
  if (actual.toString('base64') === expected) return;
  throw new S3Error(
    'BadDigest',
    `The ${algorithm} you specified did not match the calculated checksum.`,
  );
}

/**
 * Decodes the `aws-chunked` content encoding: chunks of `<size in hex>[;chunk-signature=…]`, each
 * followed by its bytes, then a chunk of size 0 and trailing header fields.
 *
 * @throws S3Error IncompleteBody
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function decodeAwsChunked(encoded: Buffer): {
  body: Buffer;
  trailers: Record<string, string>;
} {
  const chunks: Buffer[] = [];
  let position = 0;
  const nextLine = (): string => {
    const end = encoded.indexOf('\r\n', position);
    if (end === -1) throw incompleteBody();
    const line = encoded.toString('latin1', position, end);
    position = end + 2;
    return line;
  };
  for (;;) {
    const [digits = ''] = nextLine().split(';');
    if (!/^[0-9a-f]{1,8}$/i.test(digits)) throw incompleteBody();
    const size = Number.parseInt(digits, 16);
    if (size === 0) break;
    if (position + size + 2 > encoded.length) throw incompleteBody();
    chunks.push(encoded.subarray(position, position + size));
    position += size + 2;
  }
  const trailers: Record<string, string> = {};
  while (position < encoded.length) {
    const line = nextLine();
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { body: Buffer.concat(chunks), trailers };
}
