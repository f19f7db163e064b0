import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { LocalContext } from '../../context/local-context.ts';
import type { Collection } from '../../storage/storage.ts';
import { noSuchBucket, noSuchKey, noSuchVersion, S3Error } from '../errors.ts';
import type { BodyStore } from './body-store.ts';
import {
  bucketSchema,
  deleteMarkerSchema,
  isDeleteMarker,
  objectSchema,
  type Bucket,
  type DeleteMarker,
  type ObjectChange,
  type ObjectContent,
  type StoredObject,
  type StoredVersion,
  type versionSchema,
} from './object.ts';

interface BucketContents {
  record: Bucket;
  /** Of each key, the newest first. */
  versions: Map<string, StoredVersion[]>;
  /** The keys by their UTF-8 bytes, until one is added or goes. */
  sortedKeys?: string[] | undefined;
}

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const NULL_VERSION = 'null';

/** Buckets and all versions of their objects. */
export class ObjectStore {
  readonly #context: LocalContext;
  readonly #bodies: BodyStore;
  readonly #storedBuckets: Collection<Bucket>;
  readonly #storedVersions: Collection<StoredVersion>;
  readonly #buckets = new Map<string, BucketContents>();
  readonly #listeners = new Set<(change: ObjectChange) => void>();
  #lastSequence = 0;

  constructor(context: LocalContext, bodies: BodyStore) {
    const { storage } = context;
    this.#context = context;
    this.#bodies = bodies;
    this.#storedBuckets = storage.collection('s3-buckets', (json) => bucketSchema.parse(json));
    this.#storedVersions = storage.collection('s3-objects', (json) =>
      z.union([deleteMarkerSchema, objectSchema]).parse(json),
    );
    for (const { value } of this.#storedBuckets.load()) {
      this.#buckets.set(value.name, { record: value, versions: new Map() });
    }
    const versions = this.#storedVersions.load().map(({ value }) => value);
    for (const version of versions.toSorted((left, right) => left.sequence - right.sequence)) {
      this.#lastSequence = version.sequence;
      const bucket = this.#buckets.get(version.bucket);
      if (bucket) keep(bucket, version);
    }
  }

  /** Calls `listener` after every change that is stored; the returned function ends that. */
  subscribe(listener: (change: ObjectChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  buckets(): Bucket[] {
    return [...this.#buckets.values()]
      .map(({ record }) => record)
      .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** @throws S3Error NoSuchBucket */
  bucket(name: string): Bucket {
    return this.#contents(name).record;
  }

  hasBucket(name: string): boolean {
    return this.#buckets.has(name);
  }

  /** Creates a bucket; one that exists stays as it is. @throws S3Error InvalidBucketName */
  createBucket(name: string): void {
    if (this.#buckets.has(name)) return;
    if (!BUCKET_NAME.test(name) || name.includes('..')) {
      throw new S3Error('InvalidBucketName', `The specified bucket is not valid: ${name}`);
    }
    const record = { name, createdAt: this.#context.clock.now() };
    this.#buckets.set(name, { record, versions: new Map() });
    this.#storedBuckets.put(name, record);
  }

  /** @throws S3Error NoSuchBucket */
  setVersioning(name: string, versioning: 'Enabled' | 'Suspended'): void {
    const contents = this.#contents(name);
    contents.record = { ...contents.record, versioning };
    this.#storedBuckets.put(name, contents.record);
  }

  /** @throws S3Error NoSuchBucket, BucketNotEmpty */
  deleteBucket(name: string): void {
    if (this.#contents(name).versions.size > 0) {
      const message =
        'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
      throw new S3Error('BucketNotEmpty', message, { httpStatus: 409 });
    }
    this.#buckets.delete(name);
    this.#storedBuckets.delete(name);
  }

  /**
   * The objects of a bucket that are not deleted, in the order of their keys' UTF-8 bytes.
   *
   * @throws S3Error NoSuchBucket
   */
  objects(bucket: string): StoredObject[] {
    return this.versions(bucket).flatMap(([newest]) =>
      newest && !isDeleteMarker(newest) ? [newest] : [],
    );
  }

  /** All versions of each key, the newest first. @throws S3Error NoSuchBucket */
  versions(bucket: string): StoredVersion[][] {
    const contents = this.#contents(bucket);
    contents.sortedKeys ??= [...contents.versions.keys()]
      .map((key) => ({ key, bytes: Buffer.from(key) }))
      .toSorted((left, right) => Buffer.compare(left.bytes, right.bytes))
      .map(({ key }) => key);
    return contents.sortedKeys.map((key) => contents.versions.get(key) ?? []);
  }

  /** @throws S3Error NoSuchBucket */
  find(bucket: string, key: string): StoredObject | undefined {
    const newest = this.#contents(bucket).versions.get(key)?.[0];
    return newest && !isDeleteMarker(newest) ? newest : undefined;
  }

  /** @throws S3Error NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed */
  object(bucket: string, key: string, versionId?: string): StoredObject {
    const versions = this.#contents(bucket).versions.get(key) ?? [];
    const version =
      versionId === undefined ? versions[0] : versions.find((each) => each.versionId === versionId);
    if (!version) throw versionId === undefined ? noSuchKey() : noSuchVersion();
    if (!isDeleteMarker(version)) return version;
    const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId };
    if (versionId === undefined) throw noSuchKey(headers);
    const message = 'The specified method is not allowed against this resource.';
    throw new S3Error('MethodNotAllowed', message, {
      httpStatus: 405,
      headers: { ...headers, allow: 'DELETE' },
    });
  }

  read(object: StoredObject): Promise<Buffer> {
    return this.#bodies.read(object.bodyId);
  }

  /**
   * Writes an object: a new version where versioning is enabled, else in place of the null version.
   *
   * @throws S3Error NoSuchBucket, and what `content.condition` throws
   */
  async put(
    name: Extract<ObjectChange['name'], `ObjectCreated:${string}`>,
    { bucket, key }: { bucket: string; key: string },
    content: ObjectContent,
  ): Promise<StoredObject> {
    const { body, condition, etag, headers, tags = {}, checksum, partSizes } = content;
    condition?.(this.find(bucket, key));
    const bodyId = await this.#bodies.write(body);
    try {
      // Looked at again: writing the body took time.
      condition?.(this.find(bucket, key));
    } catch (error) {
      await this.#bodies.delete(bodyId);
      throw error;
    }
    const object: StoredObject = {
      ...this.#newVersion(bucket, key),
      size: body.length,
      etag: etag ?? `"${createHash('md5').update(body).digest('hex')}"`,
      headers,
      tags,
      ...(checksum && { checksum }),
      ...(partSizes && { partSizes }),
      bodyId,
    };
    const replaced = this.#add(object);
    await this.#context.storage.flushed();
    if (replaced) await this.#bodies.delete(replaced.bodyId);
    this.#changed({ name, object });
    return object;
  }

  /** Replaces the tags of a version, which stays otherwise as it is. */
  async setTags(object: StoredObject, tags: Record<string, string>): Promise<void> {
    const versions = this.#contents(object.bucket).versions.get(object.key) ?? [];
    const tagged = { ...object, tags };
    versions.splice(versions.indexOf(object), 1, tagged);
    this.#storedVersions.put(storageKey(tagged), tagged);
    await this.#context.storage.flushed();
  }

  /**
   * Deletes one version for good or, without a version id, what is in the object's place: where
   * versioning was ever configured a delete marker hides it. What does not exist is no error.
   *
   * @returns the version that was deleted or the marker that was made
   * @throws S3Error NoSuchBucket
   */
  async delete(
    bucket: string,
    key: string,
    versionId?: string,
  ): Promise<{ deleted?: StoredVersion; marker?: DeleteMarker }> {
    const { record, versions } = this.#contents(bucket);
    if (versionId === undefined && record.versioning !== undefined) {
      const marker: DeleteMarker = { ...this.#newVersion(bucket, key), deleteMarker: true };
      const replaced = this.#add(marker);
      await this.#context.storage.flushed();
      if (replaced) await this.#bodies.delete(replaced.bodyId);
      this.#changed({ name: 'ObjectRemoved:DeleteMarkerCreated', object: marker });
      return { marker };
    }
    const wanted = versionId ?? NULL_VERSION;
    const version = versions.get(key)?.find((each) => each.versionId === wanted);
    if (!version) return {};
    this.#remove(version);
    await this.#context.storage.flushed();
    if (!isDeleteMarker(version)) await this.#bodies.delete(version.bodyId);
    this.#changed({ name: 'ObjectRemoved:Delete', object: version });
    return { deleted: version };
  }

  /** Makes a version the newest of its key and takes away the null version that it replaces. */
  #add(version: StoredVersion): StoredObject | undefined {
    const contents = this.#contents(version.bucket);
    const replaced = contents.versions
      .get(version.key)
      ?.find(({ versionId }) => versionId === version.versionId);
    if (replaced) this.#remove(replaced);
    keep(contents, version);
    this.#storedVersions.put(storageKey(version), version);
    return replaced && !isDeleteMarker(replaced) ? replaced : undefined;
  }

  #remove(version: StoredVersion): void {
    const contents = this.#contents(version.bucket);
    const kept = (contents.versions.get(version.key) ?? []).filter((each) => each !== version);
    if (kept.length > 0) contents.versions.set(version.key, kept);
    else {
      contents.versions.delete(version.key);
      contents.sortedKeys = undefined;
    }
    this.#storedVersions.delete(storageKey(version));
  }

  #newVersion(bucket: string, key: string): z.infer<typeof versionSchema> {
    const enabled = this.#contents(bucket).record.versioning === 'Enabled';
    return {
      bucket,
      key,
      versionId: enabled ? randomBytes(24).toString('base64url') : NULL_VERSION,
      sequence: ++this.#lastSequence,
      modifiedAt: this.#context.clock.now(),
    };
  }

  #changed(change: ObjectChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #contents(name: string): BucketContents {
    const contents = this.#buckets.get(name);
    if (!contents) throw noSuchBucket(name);
    return contents;
  }
}

function keep(contents: BucketContents, version: StoredVersion): void {
  const older = contents.versions.get(version.key);
  if (!older) contents.sortedKeys = undefined;
  contents.versions.set(version.key, [version, ...(older ?? [])]);
}

const storageKey = ({ bucket, key, versionId }: StoredVersion): string =>
  versionId === NULL_VERSION ? `${bucket}/${key}` : `${bucket}/${key}\0${versionId}`;
