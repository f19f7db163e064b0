import type { IncomingMessage } from 'node:http';
import { callerOf, type Caller } from './caller.ts';

/** What a request's signature claims: the service it is meant for and who signed it. */
export interface Claim {
  /** The service name of the credential scope: `sqs`, `sns`, `dynamodb`, `ses`, `s3`, `lambda`. */
  service: string;
  region: string;
  caller: Caller;
}

const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/**
 * Reads the credential scope of Signature Version 4 from the Authorization header or, for a
 * presigned URL, from the query string. The signature itself is not verified: there is no secret to
 * keep on this machine.
 *
 * @returns undefined for a request that is not signed: it is meant for the HTTP API
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function readClaim(request: IncomingMessage, query: URLSearchParams): Claim | undefined {
  const scope = query.get('X-Amz-Credential');
  const text = scope ? `Credential=${scope}` : (request.headers.authorization ?? '');
  const match = CREDENTIAL.exec(text);
  if (!match) return claimOfVersion2(text, query);
  const [, accessKeyId = '', region = '', service = ''] = match;
  return { service, region, caller: callerOf(decoded(accessKeyId)) };
}

/**
 * Signature Version 2, which only S3 still takes: `AWSAccessKeyId`, `Expires` and `Signature` of a
 * presigned URL or `AWS <access key id>:<signature>`. It names no region.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
 */
function claimOfVersion2(authorization: string, query: URLSearchParams): Claim | undefined {
  const presigned = query.has('Signature') && query.has('Expires') && query.get('AWSAccessKeyId');
  const accessKeyId = presigned || /^AWS ([^:\s]+):\S+$/.exec(authorization)?.[1];
  if (!accessKeyId) return undefined;
  return { service: 's3', region: 'us-east-1', caller: callerOf(accessKeyId) };
}

function decoded(accessKeyId: string): string {
  try {
    return decodeURIComponent(accessKeyId);
  } catch {
    // A stray percent sign stands for itself.
    return accessKeyId;
  }
}
