import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../../endpoint/aws-error.ts';
import type { LocalContext } from '../../local-context.ts';
import type { Collection } from '../../storage/storage.ts';
import type { BodyStore } from './body-store.ts';

const bucketSchema = z.object({ name: z.string(), createdAt: z.number() });
const objectSchema = z.object({
  bucket: z.string(),
  key: z.string(),
  size: z.number(),
  /** With its quotes. */
  etag: z.string(),
  /** Milliseconds since the epoch. */
  modifiedAt: z.number(),
  /** Header fields that come back with the object: Content-Type, x-amz-meta-… and checksums. */
  headers: z.record(z.string(), z.string()),
  bodyId: z.string(),
});

export type Bucket = z.infer<typeof bucketSchema>;
export type StoredObject = z.infer<typeof objectSchema>;

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Buckets and the newest version of their objects. */
export class ObjectStore {
  readonly #context: LocalContext;
  readonly #bodies: BodyStore;
  readonly #storedBuckets: Collection<Bucket>;
  readonly #storedObjects: Collection<StoredObject>;
  readonly #buckets = new Map<string, Bucket & { objects: Map<string, StoredObject> }>();

  constructor(context: LocalContext, bodies: BodyStore) {
    const { storage } = context;
    this.#context = context;
    this.#bodies = bodies;
    this.#storedBuckets = storage.collection('s3-buckets', (json) => bucketSchema.parse(json));
    this.#storedObjects = storage.collection('s3-objects', (json) => objectSchema.parse(json));
    for (const { value } of this.#storedBuckets.load()) {
      this.#buckets.set(value.name, { ...value, objects: new Map() });
    }
    for (const { value } of this.#storedObjects.load()) {
      this.#buckets.get(value.bucket)?.objects.set(value.key, value);
    }
  }

  buckets(): Bucket[] {
    return [...this.#buckets.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
  }

  hasBucket(name: string): boolean {
    return this.#buckets.has(name);
  }

  /** @throws AwsError InvalidBucketName */
  createBucket(name: string): void {
    if (this.#buckets.has(name)) return;
    if (!BUCKET_NAME.test(name) || name.includes('..')) {
      throw new AwsError('InvalidBucketName', `The specified bucket is not valid: ${name}`);
    }
    const bucket = { name, createdAt: this.#context.clock.now() };
    this.#buckets.set(name, { ...bucket, objects: new Map() });
    this.#storedBuckets.put(name, bucket);
  }

  /** @throws AwsError NoSuchBucket, BucketNotEmpty */
  deleteBucket(name: string): void {
    if (this.objects(name).length > 0) {
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', {
        httpStatus: 409,
      });
    }
    this.#buckets.delete(name);
    this.#storedBuckets.delete(name);
  }

  /**
   * Every object of a bucket, in the order of their keys' UTF-8 bytes.
   *
   * @throws AwsError NoSuchBucket
   */
  objects(bucket: string): StoredObject[] {
    return [...this.#bucket(bucket).objects.values()].toSorted((left, right) =>
      Buffer.compare(Buffer.from(left.key), Buffer.from(right.key)),
    );
  }

  /** @throws AwsError NoSuchBucket, NoSuchKey */
  object(bucket: string, key: string): StoredObject {
    const found = this.#bucket(bucket).objects.get(key);
    if (found) return found;
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', { httpStatus: 404 });
  }

  read(object: StoredObject): Promise<Buffer> {
    return this.#bodies.read(object.bodyId);
  }

  /**
   * Stores an object in place of the one that has its key.
   *
   * @param options.onlyNew refuses to replace (`If-None-Match: *`)
   * @param options.etag another ETag than the body's MD5 (multipart uploads)
   * @throws AwsError NoSuchBucket, PreconditionFailed
   */
  async put(
    bucket: string,
    key: string,
    body: Buffer,
    headers: Record<string, string>,
    { onlyNew = false, etag }: { onlyNew?: boolean; etag?: string } = {},
  ): Promise<StoredObject> {
    this.#refuseExisting(bucket, key, onlyNew);
    const bodyId = await this.#bodies.write(body);
    // Looked at again: writing the body took time.
    this.#refuseExisting(bucket, key, onlyNew);
    const { objects } = this.#bucket(bucket);
    const replaced = objects.get(key);
    const object: StoredObject = {
      bucket,
      key,
      size: body.length,
      etag: etag ?? `"${createHash('md5').update(body).digest('hex')}"`,
      modifiedAt: this.#context.clock.now(),
      headers,
      bodyId,
    };
    objects.set(key, object);
    this.#storedObjects.put(storageKey(bucket, key), object);
    await this.#context.storage.flushed();
    if (replaced) await this.#bodies.delete(replaced.bodyId);
    return object;
  }

  /** Deletes an object; a key that does not exist is no error. */
  async delete(bucket: string, key: string): Promise<void> {
    const { objects } = this.#bucket(bucket);
    const object = objects.get(key);
    if (!object) return;
    objects.delete(key);
    this.#storedObjects.delete(storageKey(bucket, key));
    await this.#context.storage.flushed();
    await this.#bodies.delete(object.bodyId);
  }

  #refuseExisting(bucket: string, key: string, onlyNew: boolean): void {
    if (!onlyNew || !this.#bucket(bucket).objects.has(key)) return;
    throw new AwsError(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      { httpStatus: 412 },
    );
  }

  #bucket(name: string) {
    const bucket = this.#buckets.get(name);
    if (bucket) return bucket;
    throw new AwsError('NoSuchBucket', `The specified bucket does not exist: ${name}`, {
      httpStatus: 404,
    });
  }
}

const storageKey = (bucket: string, key: string): string => `${bucket}/${key}`;
