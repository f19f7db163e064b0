import type { IncomingMessage } from 'node:http';
import type { HttpAnswer } from './function-response.ts';

/** `CorsConfiguration` of an `AWS::ApiGatewayV2::Api`. */
export interface CorsConfiguration {
  allowOrigins?: readonly string[] | undefined;
  allowMethods?: readonly string[] | undefined;
  allowHeaders?: readonly string[] | undefined;
  exposeHeaders?: readonly string[] | undefined;
  /** Seconds. */
  maxAge?: number | undefined;
  allowCredentials?: boolean | undefined;
}

/** True for the request with which a browser asks before the one it is about to make. */
export const isPreflight = (request: IncomingMessage): boolean =>
  request.method === 'OPTIONS' &&
  request.headers.origin !== undefined &&
  request.headers['access-control-request-method'] !== undefined;

/** API Gateway answers a preflight itself; no route sees it. */
export const preflightAnswer = (cors: CorsConfiguration, origin: string): HttpAnswer => ({
  status: 204,
  headers: allowedOrigin(cors, origin)
    ? {
        ...originHeaders(cors, origin),
        ...listHeader('access-control-allow-methods', cors.allowMethods),
        ...listHeader('access-control-allow-headers', cors.allowHeaders),
        ...(cors.maxAge === undefined ? {} : { 'access-control-max-age': String(cors.maxAge) }),
      }
    : {},
  cookies: [],
  body: Buffer.alloc(0),
});

/**
 * Puts the configured headers on an answer; with a configuration those of the function are ignored.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function withCors(
  answer: HttpAnswer,
  cors: CorsConfiguration,
  origin: string | undefined,
): HttpAnswer {
  const own = Object.entries(answer.headers).filter(
    ([name]) => !name.startsWith('access-control-'),
  );
  const allowed = origin !== undefined && allowedOrigin(cors, origin);
  return {
    ...answer,
    headers: {
      ...Object.fromEntries(own),
      ...(allowed
        ? {
            ...originHeaders(cors, origin),
            ...listHeader('access-control-expose-headers', cors.exposeHeaders),
          }
        : {}),
    },
  };
}

export function allowedOrigin(cors: CorsConfiguration, origin: string): boolean {
  return (cors.allowOrigins ?? []).some((pattern) => {
    if (pattern === '*') return true;
    // `https://*` admits every origin of the scheme, `https://*.example.com` every subdomain.
    const [scheme, rest] = pattern.split('*');
    if (rest === undefined) return pattern === origin;
    return origin.startsWith(scheme ?? '') && origin.endsWith(rest);
  });
}

function originHeaders(cors: CorsConfiguration, origin: string): Record<string, string> {
  const any = cors.allowOrigins?.includes('*') && !cors.allowCredentials;
  return {
    'access-control-allow-origin': any ? '*' : origin,
    ...(any ? {} : { vary: 'origin' }),
    ...(cors.allowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
  };
}

const listHeader = (name: string, values: readonly string[] | undefined): Record<string, string> =>
  values === undefined || values.length === 0 ? {} : { [name]: values.join(',') };
