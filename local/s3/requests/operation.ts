import type { ServerResponse } from 'node:http';
import type { AwsRequest } from '../../endpoint/aws-request.ts';
import type { LocalContext } from '../../context/local-context.ts';
import { invalidArgument, S3Error } from '../errors.ts';
import type { MultipartUploads } from '../model/multipart-uploads.ts';
import type { ObjectStore } from '../model/object-store.ts';

/** What operations work on. */
export interface OperationParts {
  context: LocalContext;
  store: ObjectStore;
  uploads: MultipartUploads;
}

/** A request to a bucket or, with a key, to an object. */
export interface S3Request extends AwsRequest {
  bucket: string;
  /** Decoded; empty for the bucket itself. */
  key: string;
}

export type Operation = (request: S3Request, response: ServerResponse) => void | Promise<void>;

/**
 * Operations by method, followed by the query parameter that chooses among those of one method:
 * `GET versioning`.
 */
export type Operations = Record<string, Operation>;

export const headerOf = ({ headers }: AwsRequest, name: string): string | undefined =>
  headers[name]?.toString();

const VERSION_ID = /^(?:null|[\w-]{1,128})$/;

/** The version that the query names. @throws S3Error InvalidArgument */
export function versionIdOf({ query }: AwsRequest): string | undefined {
  const versionId = query.get('versionId');
  if (versionId === null) return undefined;
  if (!VERSION_ID.test(versionId)) throw invalidArgument('Invalid version id specified');
  return versionId;
}

/** @throws S3Error InvalidURI */
export function decodeKey(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    if (cause instanceof URIError) {
      throw new S3Error('InvalidURI', `Could not parse the specified URI: ${path}`);
    }
    throw cause;
  }
}
