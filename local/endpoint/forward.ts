import {
  Agent,
  request as startRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream/promises';

/** Headers that speak of one connection and must not be forwarded (RFC 9110, section 7.6.1). */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host']);

/** A request with this header is carried out as it is: it takes no detour, and no fault strikes it. */
export const NO_FAULT_HEADER = 'x-local-no-fault';

const agent = new Agent({ keepAlive: true });

/**
 * Hands a request on to another server of this machine and its answer back. When that server drops
 * the connection, so does this one.
 */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  toUrl: string,
): Promise<void> {
  const outgoing = startRequest(new URL(request.url ?? '/', toUrl), {
    method: request.method,
    headers: withoutConnectionHeaders(request.headers),
    agent,
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
  });
  response.once('close', () => outgoing.destroy());
  request.pipe(outgoing);
  const answer = await answered;
  response.writeHead(answer.statusCode ?? 502, withoutConnectionHeaders(answer.headers));
  await pipeline(answer, response);
}

export const withoutConnectionHeaders = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !CONNECTION_HEADERS.has(name)));
