import type { IncomingMessage } from 'node:http';
import type { AuthorizedCaller } from './jwt-authorizer.ts';
import type { RouteMatch } from './route.ts';

export interface EventContext {
  accountId: string;
  apiId: string;
  stage: string;
  requestId: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Types that API Gateway hands on as text; any other body arrives in base64. */
const TEXT =
  /^(?:text\/|application\/(?:json|javascript|xml)\b|application\/[^;]*\+(?:json|xml)\b)/i;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/**
 * The event of one HTTP request in payload format 2.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function requestEvent(
  request: IncomingMessage,
  body: Buffer,
  { route, pathParameters }: RouteMatch,
  { accountId, apiId, stage, requestId, now }: EventContext,
  caller?: AuthorizedCaller,
): object {
  const method = request.method ?? 'GET';
  const { path, query } = splitTarget(request.url ?? '/');
  const headers = headersOf(request, body);
  const cookies = request.headers.cookie?.split(/; */).filter(Boolean);
  const isText = request.headers['content-encoding'] === undefined && isTextType(headers);
  const queryStringParameters = joined(new URLSearchParams(query));
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookies === undefined ? {} : { cookies }),
    headers,
    ...(query === '' ? {} : { queryStringParameters }),
    requestContext: {
      accountId,
      apiId,
      ...(caller === undefined ? {} : { authorizer: { jwt: caller } }),
      domainName: headers['host'] ?? 'localhost',
      domainPrefix: apiId,
      http: {
        method,
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: route.routeKey,
      stage,
      time: accessLogTime(now),
      timeEpoch: now,
    },
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** Path and query of a request target, both as sent. */
export function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  return mark === -1
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** Names in lower case, several values of one name joined by commas, cookies apart. */
function headersOf(request: IncomingMessage, body: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (name !== 'cookie' && values) headers[name] = values.join(',');
  }
  return {
    ...headers,
    'content-length': String(body.length),
    'x-forwarded-for': request.socket.remoteAddress ?? '127.0.0.1',
    'x-forwarded-port': String(request.socket.localPort ?? 80),
    'x-forwarded-proto': 'http',
  };
}

const isTextType = (headers: Record<string, string>): boolean => {
  const type = headers['content-type'];
  return type === undefined || TEXT.test(type);
};

function joined(parameters: URLSearchParams): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of new Set(parameters.keys())) values[name] = parameters.getAll(name).join(',');
  return values;
}

/** `21/Apr/2020:15:08:21 +0000` */
function accessLogTime(now: number): string {
  const iso = new Date(now).toISOString();
  const month = MONTHS[Number(iso.slice(5, 7)) - 1];
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
