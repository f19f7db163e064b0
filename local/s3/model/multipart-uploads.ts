import { createHash, randomUUID } from 'node:crypto';
import { AwsError } from '../../endpoint/aws-error.ts';

interface MultipartUpload {
  bucket: string;
  key: string;
  headers: Record<string, string>;
  parts: Map<number, { body: Buffer; etag: string }>;
}

/**
 * Uploads in parts, kept in memory until they are completed: one that is under way does not survive
 * a restart.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export class MultipartUploads {
  readonly #uploads = new Map<string, MultipartUpload>();

  create(bucket: string, key: string, headers: Record<string, string>): string {
    const uploadId = randomUUID();
    this.#uploads.set(uploadId, { bucket, key, headers, parts: new Map() });
    return uploadId;
  }

  /** Stores a part and returns its ETag. @throws AwsError NoSuchUpload */
  putPart(uploadId: string, partNumber: number, body: Buffer): string {
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    this.#upload(uploadId).parts.set(partNumber, { body, etag });
    return etag;
  }

  /** The whole object of the parts that are named. @throws AwsError NoSuchUpload, InvalidPart */
  assemble(
    uploadId: string,
    partNumbers: number[],
  ): { body: Buffer; headers: Record<string, string>; etag: string } {
    const { parts, headers } = this.#upload(uploadId);
    const chosen = partNumbers.map((partNumber) => {
      const part = parts.get(partNumber);
      if (!part) throw new AwsError('InvalidPart', `Part ${partNumber} could not be found.`);
      return part;
    });
    const digests = chosen.map(({ etag }) => Buffer.from(etag.replaceAll('"', ''), 'hex'));
    const digest = createHash('md5').update(Buffer.concat(digests)).digest('hex');
    return {
      body: Buffer.concat(chosen.map(({ body }) => body)),
      headers,
      etag: `"${digest}-${chosen.length}"`,
    };
  }

  forget(uploadId: string): void {
    this.#uploads.delete(uploadId);
  }

  #upload(uploadId: string): MultipartUpload {
    const upload = this.#uploads.get(uploadId);
    if (upload) return upload;
    throw new AwsError('NoSuchUpload', 'The specified multipart upload does not exist.', {
      httpStatus: 404,
    });
  }
}
