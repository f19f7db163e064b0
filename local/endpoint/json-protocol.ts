import type { ServerResponse } from 'node:http';
import type { AwsError } from './aws-error.ts';
import type { AwsRequest } from './aws-request.ts';

/** True when a request names its action in the X-Amz-Target header (AWS JSON protocol). */
export const isJsonProtocol = (request: AwsRequest): boolean =>
  request.headers['x-amz-target'] !== undefined;

/** The action's name: `SendMessage` of `AmazonSQS.SendMessage`. */
export const jsonAction = (request: AwsRequest): string =>
  String(request.headers['x-amz-target']).split('.').at(-1) ?? '';

export function writeJson(
  response: ServerResponse,
  request: AwsRequest,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  // As text it leaves in one write together with the head.
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': request.requestId,
    ...headers,
  });
  response.end(text);
}

/**
 * Writes a refusal. The header `x-amzn-query-error` is how services that once spoke the query
 * protocol keep their old error codes visible.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#awsquerycompatible-trait
 */
export function writeJsonError(
  response: ServerResponse,
  request: AwsRequest,
  error: AwsError,
  namespace: string,
): void {
  writeJson(
    response,
    request,
    error.httpStatus,
    { __type: `${namespace}#${error.code}`, message: error.message },
    { 'x-amzn-query-error': `${error.queryCode};${error.fault}` },
  );
}
