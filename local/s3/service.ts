import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { AwsError } from '../endpoint/aws-error.ts';
import type { AwsRequest, AwsService } from '../endpoint/aws-request.ts';
import type { LocalContext } from '../context/local-context.ts';
import { notImplemented, S3Error } from './errors.ts';
import { fileBodies, memoryBodies } from './model/body-store.ts';
import { MultipartUploads } from './model/multipart-uploads.ts';
import { ObjectStore } from './model/object-store.ts';
import { bucketOperations } from './requests/buckets.ts';
import { objectOperations } from './requests/objects.ts';
import { decodeKey, type Operations, type S3Request } from './requests/operation.ts';
import { taggingOperations } from './requests/tagging.ts';
import { uploadOperations } from './requests/uploads.ts';
import { writeS3Error, writeXmlDocument } from './requests/xml.ts';

/** Query parameters that choose the operation; the others only refine it. */
const SUBRESOURCES =
  /^(acl|accelerate|analytics|attributes|cors|delete|encryption|intelligent-tiering|inventory|legal-hold|lifecycle|location|logging|metrics|notification|object-lock|ownershipControls|policy|policyStatus|publicAccessBlock|replication|requestPayment|restore|retention|select|tagging|torrent|uploadId|uploads|versioning|versions|website)$/;

const LONGEST_KEY = 1_024;

/**
 * The part of Amazon S3 that stores, reads, lists and deletes objects and their versions, with
 * path-style addresses (`/bucket/key`). No policies; nothing is encrypted.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
export class S3Service implements AwsService {
  readonly store: ObjectStore;
  readonly #context: LocalContext;
  readonly #ofBuckets: ReadonlyMap<string, Operations[string]>;
  readonly #ofObjects: ReadonlyMap<string, Operations[string]>;

  /** @param options.dataDir keeps the objects' bytes below this folder; in memory without it */
  constructor(context: LocalContext, options: { dataDir?: string | undefined } = {}) {
    this.#context = context;
    this.store = new ObjectStore(
      context,
      options.dataDir === undefined ? memoryBodies() : fileBodies(join(options.dataDir, 's3')),
    );
    const parts = { context, store: this.store, uploads: new MultipartUploads(context.clock) };
    this.#ofBuckets = new Map(Object.entries(bucketOperations(parts)));
    this.#ofObjects = new Map(
      Object.entries({
        ...objectOperations(parts),
        ...taggingOperations(parts),
        ...uploadOperations(parts),
      }),
    );
  }

  async handle(request: AwsRequest, response: ServerResponse): Promise<void> {
    response.setHeader('x-amz-request-id', request.requestId);
    try {
      refuseExpired(request, this.#context.clock.now());
      const [, bucket = '', path = ''] = /^\/([^/]*)\/?(.*)$/s.exec(request.path) ?? [];
      const key = decodeKey(path);
      if (Buffer.byteLength(key) > LONGEST_KEY) {
        throw new S3Error('KeyTooLongError', 'Your key is too long');
      }
      if (bucket === '') this.#listBuckets(request, response);
      else await this.#perform({ ...request, bucket, key }, response);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      writeS3Error(response, request, error);
    }
  }

  async #perform(request: S3Request, response: ServerResponse): Promise<void> {
    const subresource = [...request.query.keys()].find((name) => SUBRESOURCES.test(name));
    const name = subresource === undefined ? request.method : `${request.method} ${subresource}`;
    const perform = (request.key === '' ? this.#ofBuckets : this.#ofObjects).get(name);
    if (perform) return perform(request, response);
    const what = request.key === '' ? 'bucket' : 'object';
    throw notImplemented(
      subresource === undefined ? `${name} of a ${what}` : `S3's ${subresource} (${name})`,
    );
  }

  #listBuckets(request: AwsRequest, response: ServerResponse): void {
    if (request.method !== 'GET') throw notImplemented(`${request.method} /`);
    const buckets = this.store.buckets().map(({ name, createdAt }) => ({
      Name: name,
      CreationDate: new Date(createdAt).toISOString(),
    }));
    const { accountId } = this.#context;
    writeXmlDocument(response, 'ListAllMyBucketsResult', {
      Owner: { ID: accountId, DisplayName: accountId },
      Buckets: { Bucket: buckets },
    });
  }
}

/**
 * Refuses a presigned URL after its time, whichever version of signatures it has.
 *
 * @throws S3Error AccessDenied
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
 */
function refuseExpired({ query }: AwsRequest, now: number): void {
  const seconds = query.get('X-Amz-Expires');
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '');
  const [, year, month, day, hour, minute, second] = date ?? [];
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const expiresAt =
    seconds === null
      ? query.has('Signature') && Number(query.get('Expires')) * 1000
      : signedAt + Number(seconds) * 1000;
  if (expiresAt === false || now <= expiresAt) return;
  throw new S3Error('AccessDenied', 'Request has expired', { httpStatus: 403 });
}
