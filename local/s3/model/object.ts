import * as z from 'zod';
import { CHECKSUM_ALGORITHMS } from './checksums.ts';

export const bucketSchema = z.object({
  name: z.string(),
  createdAt: z.number(),
  /** Absent as long as versioning was never configured. */
  versioning: z.exactOptional(z.enum(['Enabled', 'Suspended'])),
});

export const versionSchema = z.object({
  bucket: z.string(),
  key: z.string(),
  /** `null` is the id of a version that was written while versioning was not enabled. */
  versionId: z.string().default('null'),
  /** Grows with every write to the store. */
  sequence: z.number().default(0),
  /** Milliseconds since the epoch. */
  modifiedAt: z.number(),
});

export const objectSchema = versionSchema.extend({
  size: z.number(),
  /** With its quotes. */
  etag: z.string(),
  /** Header fields that come back with the object: Content-Type, x-amz-meta-… */
  headers: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()).default({}),
  checksum: z.exactOptional(
    z.object({
      algorithm: z.enum(CHECKSUM_ALGORITHMS),
      /** In base64; that of a composite checksum ends in the number of parts. */
      value: z.string(),
      type: z.enum(['FULL_OBJECT', 'COMPOSITE']),
    }),
  ),
  /** The sizes of the parts of a multipart upload. */
  partSizes: z.exactOptional(z.array(z.number())),
  bodyId: z.string(),
});

export const deleteMarkerSchema = versionSchema.extend({ deleteMarker: z.literal(true) });

export type Bucket = z.infer<typeof bucketSchema>;
export type StoredObject = z.infer<typeof objectSchema>;
/** Hides the older versions of its key. */
export type DeleteMarker = z.infer<typeof deleteMarkerSchema>;
export type StoredVersion = StoredObject | DeleteMarker;

export const isDeleteMarker = (version: StoredVersion): version is DeleteMarker =>
  'deleteMarker' in version;

/** What a writer hands over, beside bucket and key. */
export interface ObjectContent {
  body: Buffer;
  headers: Record<string, string>;
  tags?: Record<string, string>;
  checksum?: StoredObject['checksum'];
  partSizes?: number[];
  /** The MD5 of the body in its quotes unless given (multipart uploads). */
  etag?: string;
  /** Called with what is in the object's place, at the moment of writing. Throws to refuse. */
  condition?: (current: StoredObject | undefined) => void;
}

/** A change to a bucket, by the name that event notifications give it. */
export type ObjectChange =
  | {
      name: 'ObjectCreated:Put' | 'ObjectCreated:Copy' | 'ObjectCreated:CompleteMultipartUpload';
      object: StoredObject;
    }
  | { name: 'ObjectRemoved:Delete'; object: StoredVersion }
  | { name: 'ObjectRemoved:DeleteMarkerCreated'; object: DeleteMarker };
