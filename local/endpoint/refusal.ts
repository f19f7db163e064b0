import type { ServerResponse } from 'node:http';
import { AwsError } from './aws-error.ts';
import type { AwsRequest } from './aws-request.ts';
import { isJsonProtocol, writeJsonError } from './json-protocol.ts';
import { parseQuery, queryString, writeXmlError } from './query-protocol.ts';

/** Refuses a request in the protocol that its client speaks, so that the client can show why. */
export function refuseInItsProtocol(
  request: AwsRequest,
  response: ServerResponse,
  error: AwsError,
): void {
  response.setHeader('x-amzn-errortype', error.code);
  if (isJsonProtocol(request) || !speaksQuery(request)) {
    writeJsonError(response, request, error, 'com.amazonaws');
  } else {
    writeXmlError(response, request, error, { namespace: 'http://webservices.amazon.com/' });
  }
}

/** There is no such service on this machine. */
export const missingService = (name: string, existing: readonly string[]): AwsError =>
  new AwsError(
    'NotImplemented',
    `The local endpoint has no ${name}; it has ${existing.join(', ')}`,
    { httpStatus: 501 },
  );

const speaksQuery = (request: AwsRequest): boolean =>
  request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true ||
  queryString(parseQuery({ ...request, body: Buffer.alloc(0) }), 'Action') !== undefined;
