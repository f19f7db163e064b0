import type { APIGatewayProxyEventV2 } from 'aws-lambda';

import { person } from './sample-order.ts';

type Claims = Readonly<Record<string, string>>;

interface RequestOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
  readonly base64?: boolean;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Of the caller's token; `undefined` for a route without an authorizer. */
  readonly claims?: Claims | undefined;
}

/** The claims of the ID token of a customer whose address is verified, as API Gateway gives them. */
export const claimsOf = (sub: string): Claims => ({
  sub,
  name: person.name,
  email: person.email,
  email_verified: 'true',
  token_use: 'id',
});

/** A request as API Gateway passes it on in payload format 2.0; an object is sent as JSON. */
export function httpRequest({
  method = 'GET',
  path = '/orders',
  headers = {},
  body,
  base64 = false,
  pathParameters,
  query,
  ...caller
}: RequestOptions = {}): APIGatewayProxyEventV2 {
  const claims = 'claims' in caller ? caller.claims : claimsOf('customer-1036');
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: { ...headers },
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3d4e5',
      domainName: 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'a1b2c3d4e5',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: `${method} ${path}`,
      stage: '$default',
      time: '22/Nov/2026:09:30:00 +0000',
      timeEpoch: 1_795_340_000_000,
      ...(claims && { authorizer: { jwt: { claims, scopes: null } } }),
    },
    isBase64Encoded: base64,
    ...(pathParameters && { pathParameters: { ...pathParameters } }),
    ...(query && { queryStringParameters: { ...query } }),
    ...(text !== undefined && { body: base64 ? Buffer.from(text).toString('base64') : text }),
  };
}

export const pencilRequest = {
  address: { line1: person.street, city: 'Berlin', postalCode: '10115', country: 'DE' },
  lines: [{ product: 'pencil', quantity: 4 }],
};

export function placeOrderRequest(
  body: object | string = pencilRequest,
  headers: Readonly<Record<string, string>> = {},
  customerId = 'customer-1036',
): APIGatewayProxyEventV2 {
  return httpRequest({
    claims: claimsOf(customerId),
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}
