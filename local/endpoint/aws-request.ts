import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from './caller.ts';

/** An HTTP request to an AWS service, its body read and its caller known. */
export interface AwsRequest {
  method: string;
  /** The path without the query string. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  caller: Caller;
  /** The region of the credential scope; undefined when nothing is signed. */
  region?: string | undefined;
  /** The id that the answer carries. */
  requestId: string;
}

/** One emulated service behind the endpoint. */
export interface AwsService {
  handle(request: AwsRequest, response: ServerResponse): Promise<void>;
}

/** Reads the whole body, or refuses it past `limit` bytes by resolving to undefined. */
export async function readBody(
  request: IncomingMessage,
  limit = 64 * 1024 * 1024,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('The request stream must carry bytes');
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size <= limit ? Buffer.concat(chunks) : undefined;
}
