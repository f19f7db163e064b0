import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../endpoint/aws-error.ts';
import type { AwsRequest } from '../../endpoint/aws-request.ts';

/** What a PUT carries, with its transfer encoding taken off and its checksums verified. */
export interface Upload {
  body: Buffer;
  /** The header fields to keep with the object. */
  headers: Record<string, string>;
}

const KEPT_HEADERS = new Set([
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'expires',
]);

/** @throws AwsError IncompleteBody, BadDigest */
export function readUpload(request: AwsRequest): Upload {
  const encodings = (request.headers['content-encoding'] ?? '')
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '');
  const chunked =
    encodings.includes('aws-chunked') ||
    String(request.headers['x-amz-content-sha256']).startsWith('STREAMING-');
  const { body, trailers } = chunked
    ? decodeAwsChunked(request.body)
    : { body: request.body, trailers: {} };

  const headers: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const [name, value] of Object.entries({ ...request.headers, ...trailers })) {
    if (typeof value !== 'string') continue;
    const checksum = checksumAlgorithm(name);
    if (checksum) verifyChecksum(checksum, body, value);
    if (checksum || KEPT_HEADERS.has(name) || name.startsWith('x-amz-meta-')) headers[name] = value;
  }
  const contentMd5 = request.headers['content-md5'];
  if (contentMd5 !== undefined) verifyChecksum('md5', body, String(contentMd5));
  const lasting = encodings.filter((encoding) => encoding !== 'aws-chunked');
  if (lasting.length > 0) headers['content-encoding'] = lasting.join(',');
  return { body, headers };
}

/** True for the header fields that hold a checksum over the whole object. */
export const isChecksumHeader = (name: string): boolean => checksumAlgorithm(name) !== undefined;

const checksumAlgorithm = (name: string): string | undefined =>
  /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/.exec(name)?.[1];

/** CRC32C and CRC64NVME are kept unverified: Node has neither. */
function verifyChecksum(algorithm: string, body: Buffer, expected: string): void {
  const actual = digest(algorithm, body);
  if (actual === undefined || actual === expected) return;
  throw new AwsError(
    'BadDigest',
    `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
  );
}

function digest(algorithm: string, body: Buffer): string | undefined {
  if (algorithm === 'crc32') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  }
  if (algorithm === 'crc32c' || algorithm === 'crc64nvme') return undefined;
  return createHash(algorithm).update(body).digest('base64');
}

/** A decoded upload: its bytes and the header fields that trailed it. */
export interface ChunkedUpload {
  body: Buffer;
  trailers: Record<string, string>;
}

/**
 * Decodes the `aws-chunked` content encoding: chunks of `<size in hex>[;chunk-signature=…]`, each
 * followed by its bytes, then a chunk of size 0 and trailing header fields.
 *
 * @throws AwsError IncompleteBody
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function decodeAwsChunked(encoded: Buffer): ChunkedUpload {
  const chunks: Buffer[] = [];
  let position = 0;
  const nextLine = (): string => {
    const end = encoded.indexOf('\r\n', position);
    if (end === -1) throw incomplete();
    const line = encoded.toString('latin1', position, end);
    position = end + 2;
    return line;
  };
  for (;;) {
    const [digits = ''] = nextLine().split(';');
    if (!/^[0-9a-f]+$/i.test(digits)) throw incomplete();
    const size = Number.parseInt(digits, 16);
    if (size === 0) break;
    if (position + size + 2 > encoded.length) throw incomplete();
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

const incomplete = (): AwsError =>
  new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
