import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

import type { FieldError } from '../field-errors.ts';

/** Why a request is not answered as asked; thrown by handlers, sent as a problem document. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly kind: ProblemKind;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    kind: ProblemKind,
    detail: string,
    { errors = [], headers = {} }: ProblemExtras = {},
  ) {
    super(detail);
    this.kind = kind;
    this.errors = errors;
    this.headers = headers;
  }
}

interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

const KINDS = {
  'malformed-json': { status: 400, title: 'The body is no JSON' },
  'invalid-request': { status: 400, title: 'The request breaks a rule' },
  'email-not-verified': { status: 403, title: 'The e-mail address is not verified' },
  'identity-incomplete': { status: 403, title: 'The token does not tell who calls' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'The method is not known here' },
  'order-is-final': { status: 409, title: 'The order can no longer be changed' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'idempotency-key-reused': { status: 422, title: 'The key belongs to another request' },
  'internal-error': { status: 500, title: 'Something went wrong here' },
  'try-again-later': { status: 503, title: 'The request can not be served now' },
} as const;
export type ProblemKind = keyof typeof KINDS;

/** RFC 9457, with `errors` and `correlationId` as extension members. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly correlationId: string;
  readonly errors?: readonly FieldError[];
}

export function problemDocument(
  { kind, message, errors }: HttpProblem,
  correlationId: string,
): ProblemDocument {
  return {
    type: `urn:order-messaging:problem:${kind}`,
    ...KINDS[kind],
    detail: message,
    correlationId,
    ...(errors.length > 0 && { errors }),
  };
}

export type HttpResponse = APIGatewayProxyStructuredResultV2;

export function jsonResponse(
  statusCode: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

export function problemResponse(problem: HttpProblem, correlationId: string): HttpResponse {
  const document = problemDocument(problem, correlationId);
  return jsonResponse(document.status, document, {
    ...problem.headers,
    'content-type': 'application/problem+json',
  });
}
