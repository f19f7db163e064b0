import { AwsError } from '../endpoint/aws-error.ts';

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
