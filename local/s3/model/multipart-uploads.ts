import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../context/clock.ts';
import { invalidRequest, noSuchUpload, S3Error } from '../errors.ts';
import { checksum, compositeChecksum, type ChecksumAlgorithm } from './checksums.ts';
import type { ObjectContent } from './object.ts';

/** Every part but the last has at least this many bytes. */
const SMALLEST_PART = 5 * 1024 * 1024;

/** What an upload is begun with; the object gets it in the end. */
export interface UploadDefinition {
  bucket: string;
  key: string;
  headers: Record<string, string>;
  tags: Record<string, string>;
  checksum?: { algorithm: ChecksumAlgorithm; type: 'FULL_OBJECT' | 'COMPOSITE' };
}

export interface Part {
  partNumber: number;
  body: Buffer;
  /** With its quotes. */
  etag: string;
  modifiedAt: number;
}

export interface MultipartUpload extends UploadDefinition {
  uploadId: string;
  initiatedAt: number;
  parts: Map<number, Part>;
}

/** A part as a completing request names it. */
export interface NamedPart {
  partNumber: number;
  etag: string;
}

/**
 * Uploads in parts, kept in memory until they are completed: one that is under way does not survive
 * a restart.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export class MultipartUploads {
  readonly #clock: Clock;
  readonly #uploads = new Map<string, MultipartUpload>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  create(definition: UploadDefinition): MultipartUpload {
    const uploadId = randomBytes(48).toString('base64url');
    const upload = { ...definition, uploadId, initiatedAt: this.#clock.now(), parts: new Map() };
    this.#uploads.set(uploadId, upload);
    return upload;
  }

  /** The uploads to a bucket, by key and then by age. */
  of(bucket: string): MultipartUpload[] {
    return [...this.#uploads.values()]
      .filter((upload) => upload.bucket === bucket)
      .toSorted((left, right) => Buffer.compare(Buffer.from(left.key), Buffer.from(right.key)));
  }

  /** @throws S3Error NoSuchUpload */
  find(bucket: string, key: string, uploadId: string): MultipartUpload {
    const upload = this.#uploads.get(uploadId);
    if (upload?.bucket !== bucket || upload.key !== key) throw noSuchUpload();
    return upload;
  }

  /** Stores a part in place of the one that has its number. @throws S3Error InvalidArgument */
  putPart(upload: MultipartUpload, partNumber: number, body: Buffer): Part {
    if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > 10_000) {
      throw new S3Error(
        'InvalidArgument',
        'Part number must be an integer between 1 and 10000, inclusive',
      );
    }
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    const part = { partNumber, body, etag, modifiedAt: this.#clock.now() };
    upload.parts.set(partNumber, part);
    return part;
  }

  forget({ uploadId }: MultipartUpload): void {
    this.#uploads.delete(uploadId);
  }
}

/**
 * The whole object of the parts that are named.
 *
 * @throws S3Error InvalidPart, InvalidPartOrder, EntityTooSmall
 */
export function assemble(upload: MultipartUpload, named: NamedPart[]): ObjectContent {
  const parts = named.map(({ partNumber, etag }, index) => {
    if (index > 0 && partNumber <= (named[index - 1]?.partNumber ?? 0)) {
      throw new S3Error(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
      );
    }
    const part = upload.parts.get(partNumber);
    if (!part || part.etag.replaceAll('"', '') !== etag.replaceAll('"', '')) {
      throw new S3Error(
        'InvalidPart',
        `One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag: part ${partNumber}`,
      );
    }
    return part;
  });
  const small = parts.slice(0, -1).find(({ body }) => body.length < SMALLEST_PART);
  if (small) {
    throw new S3Error(
      'EntityTooSmall',
      `Your proposed upload is smaller than the minimum allowed size: part ${small.partNumber} has ${small.body.length} bytes, not ${SMALLEST_PART}`,
    );
  }
  const body = Buffer.concat(parts.map((part) => part.body));
  const digests = parts.map(({ etag }) => Buffer.from(etag.replaceAll('"', ''), 'hex'));
  const digest = createHash('md5').update(Buffer.concat(digests)).digest('hex');
  return {
    body,
    headers: upload.headers,
    tags: upload.tags,
    etag: `"${digest}-${parts.length}"`,
    partSizes: parts.map((part) => part.body.length),
    checksum: checksumOf(upload, parts, body),
  };
}

function checksumOf(
  { checksum: wanted }: MultipartUpload,
  parts: Part[],
  body: Buffer,
): NonNullable<ObjectContent['checksum']> {
  const { algorithm, type } = wanted ?? {
    algorithm: 'CRC64NVME' as const,
    type: 'FULL_OBJECT' as const,
  };
  if (type === 'FULL_OBJECT') {
    return { algorithm, type, value: checksum(algorithm, body).toString('base64') };
  }
  const ofParts = parts.map((part) => checksum(algorithm, part.body));
  return { algorithm, type, value: compositeChecksum(algorithm, ofParts) };
}

/** The kind of checksum that an upload is to have. @throws S3Error InvalidRequest */
export function checksumType(
  algorithm: ChecksumAlgorithm,
  wanted: string | undefined,
): 'FULL_OBJECT' | 'COMPOSITE' {
  const usual = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  const type = wanted ?? usual;
  const possible =
    (type === 'FULL_OBJECT' && algorithm.startsWith('CRC')) ||
    (type === 'COMPOSITE' && algorithm !== 'CRC64NVME');
  if (possible && (type === 'FULL_OBJECT' || type === 'COMPOSITE')) return type;
  throw invalidRequest(
    `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );
}
