import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { AwsError } from '../endpoint/aws-error.ts';
import type { AwsRequest, AwsService } from '../endpoint/aws-request.ts';
import type { LocalContext } from '../local-context.ts';
import { fileBodies, memoryBodies } from './model/body-store.ts';
import { MultipartUploads } from './model/multipart-uploads.ts';
import { ObjectStore, type StoredObject } from './model/object-store.ts';
import { listObjects } from './requests/listing.ts';
import { readRange, writeObject } from './requests/object-answer.ts';
import { readUpload } from './requests/upload.ts';
import {
  readKeysToDelete,
  readPartNumbers,
  writeS3Error,
  writeXmlDocument,
} from './requests/xml.ts';

/** Query parameters that choose the operation; the others only refine it. */
const SUBRESOURCES = ['uploads', 'uploadId', 'delete', 'location'] as const;
/** Parts of S3 that are named and refused, so that nothing seems to work that does not. */
const REFUSED =
  /^(acl|cors|encryption|lifecycle|logging|notification|object-lock|ownershipControls|policy|publicAccessBlock|replication|requestPayment|restore|retention|select|tagging|versioning|versions|versionId|website)$/;

/**
 * The part of Amazon S3 that stores, reads, lists and deletes objects, with path-style addresses
 * (`/bucket/key`). No versions, tags or policies; nothing is encrypted.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
export class S3Service implements AwsService {
  readonly store: ObjectStore;
  readonly #context: LocalContext;
  readonly #multipart = new MultipartUploads();

  /** @param options.dataDir keeps the objects' bytes below this folder; in memory without it */
  constructor(context: LocalContext, options: { dataDir?: string | undefined } = {}) {
    this.#context = context;
    this.store = new ObjectStore(
      context,
      options.dataDir === undefined ? memoryBodies() : fileBodies(join(options.dataDir, 's3')),
    );
  }

  async handle(request: AwsRequest, response: ServerResponse): Promise<void> {
    response.setHeader('x-amz-request-id', request.requestId);
    try {
      const refused = [...request.query.keys()].find((name) => REFUSED.test(name));
      if (refused !== undefined) throw notImplemented(`S3's ${refused}`);
      const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(request.path) ?? [];
      if (bucket === '') this.#listBuckets(request, response);
      else if (key === '') await this.#handleBucket(request, response, bucket);
      else await this.#handleObject(request, response, bucket, decodeKey(key));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      writeS3Error(response, request, error);
    }
  }

  #listBuckets(request: AwsRequest, response: ServerResponse): void {
    if (request.method !== 'GET') throw notImplemented(`${request.method} /`);
    const buckets = this.store.buckets().map(({ name, createdAt }) => ({
      Name: name,
      CreationDate: new Date(createdAt).toISOString(),
    }));
    writeXmlDocument(response, 'ListAllMyBucketsResult', { Buckets: { Bucket: buckets } });
  }

  async #handleBucket(
    request: AwsRequest,
    response: ServerResponse,
    bucket: string,
  ): Promise<void> {
    switch (operationOf(request)) {
      case 'PUT':
        this.store.createBucket(bucket);
        await this.#context.storage.flushed();
        response.writeHead(200, { location: `/${bucket}` }).end();
        return;
      case 'HEAD':
        if (!this.store.hasBucket(bucket)) throw new AwsError('NotFound', '', { httpStatus: 404 });
        response.writeHead(200, { 'x-amz-bucket-region': this.#context.region }).end();
        return;
      case 'DELETE':
        this.store.deleteBucket(bucket);
        await this.#context.storage.flushed();
        response.writeHead(204).end();
        return;
      case 'GET':
        writeXmlDocument(
          response,
          'ListBucketResult',
          listObjects(bucket, this.store.objects(bucket), request.query),
        );
        return;
      case 'GET location': {
        const { region } = this.#context;
        const constraint = region === 'us-east-1' ? {} : { '#text': region };
        writeXmlDocument(response, 'LocationConstraint', constraint);
        return;
      }
      case 'POST delete': {
        const keys = readKeysToDelete(request.body);
        for (const key of keys) await this.store.delete(bucket, key);
        writeXmlDocument(response, 'DeleteResult', { Deleted: keys.map((key) => ({ Key: key })) });
        return;
      }
      default:
        throw notImplemented(`${operationOf(request)} of a bucket`);
    }
  }

  async #handleObject(
    request: AwsRequest,
    response: ServerResponse,
    bucket: string,
    key: string,
  ): Promise<void> {
    const uploadId = request.query.get('uploadId') ?? '';
    switch (operationOf(request)) {
      case 'PUT': {
        const source = this.#copySource(request);
        return source
          ? this.#copy(request, response, source, { bucket, key })
          : this.#put(request, response, bucket, key);
      }
      case 'GET':
      case 'HEAD':
        return writeObject(this.store, this.store.object(bucket, key), request, response);
      case 'DELETE':
        await this.store.delete(bucket, key);
        response.writeHead(204).end();
        return undefined;
      case 'POST uploads': {
        this.store.objects(bucket);
        const { headers } = readUpload(request);
        const created = this.#multipart.create(bucket, key, headers);
        const result = { Bucket: bucket, Key: key, UploadId: created };
        return writeXmlDocument(response, 'InitiateMultipartUploadResult', result);
      }
      case 'PUT uploadId':
        return this.#putPart(request, response, uploadId);
      case 'POST uploadId': {
        const whole = this.#multipart.assemble(uploadId, readPartNumbers(request.body));
        const { etag } = await this.store.put(bucket, key, whole.body, whole.headers, whole);
        this.#multipart.forget(uploadId);
        const result = { Bucket: bucket, Key: key, ETag: etag };
        return writeXmlDocument(response, 'CompleteMultipartUploadResult', result);
      }
      case 'DELETE uploadId':
        this.#multipart.forget(uploadId);
        response.writeHead(204).end();
        return undefined;
      default:
        throw notImplemented(`${operationOf(request)} of an object`);
    }
  }

  async #put(request: AwsRequest, response: ServerResponse, bucket: string, key: string) {
    const { body, headers } = readUpload(request);
    const onlyNew = request.headers['if-none-match'] === '*';
    const { etag } = await this.store.put(bucket, key, body, headers, { onlyNew });
    response.writeHead(200, { etag }).end();
  }

  async #putPart(request: AwsRequest, response: ServerResponse, uploadId: string) {
    const partNumber = Number(request.query.get('partNumber'));
    const source = this.#copySource(request);
    if (!source) {
      const etag = this.#multipart.putPart(uploadId, partNumber, readUpload(request).body);
      response.writeHead(200, { etag }).end();
      return;
    }
    const whole = await this.store.read(source);
    const { start, end } = readRange(
      request.headers['x-amz-copy-source-range']?.toString(),
      whole.length,
    ) ?? { start: 0, end: whole.length - 1 };
    const etag = this.#multipart.putPart(uploadId, partNumber, whole.subarray(start, end + 1));
    writeXmlDocument(response, 'CopyPartResult', { ETag: etag });
  }

  /** The object that a request copies from. @throws AwsError NoSuchBucket, NoSuchKey */
  #copySource(request: AwsRequest): StoredObject | undefined {
    const header = request.headers['x-amz-copy-source'];
    if (header === undefined) return undefined;
    const [, bucket = '', key = ''] = /^\/?([^/]+)\/(.+)$/s.exec(header.toString()) ?? [];
    return this.store.object(bucket, decodeKey(key));
  }

  async #copy(
    request: AwsRequest,
    response: ServerResponse,
    original: StoredObject,
    { bucket, key }: { bucket: string; key: string },
  ) {
    const replaces = request.headers['x-amz-metadata-directive'] === 'REPLACE';
    const headers = replaces ? readUpload(request).headers : original.headers;
    const body = await this.store.read(original);
    const copy = await this.store.put(bucket, key, body, headers, { etag: original.etag });
    writeXmlDocument(response, 'CopyObjectResult', {
      ETag: copy.etag,
      LastModified: new Date(copy.modifiedAt).toISOString(),
    });
  }
}

/** `PUT`, or `PUT uploadId` when the query names a subresource. */
function operationOf(request: AwsRequest): string {
  const subresource = SUBRESOURCES.find((name) => request.query.has(name));
  return subresource === undefined ? request.method : `${request.method} ${subresource}`;
}

function decodeKey(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    if (cause instanceof URIError) {
      throw new AwsError('InvalidURI', `Could not parse the specified URI: ${path}`);
    }
    throw cause;
  }
}

const notImplemented = (what: string): AwsError =>
  new AwsError('NotImplemented', `${what} is not emulated here`, { httpStatus: 501 });
