import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

import { type HttpProblem, problemDocument } from './problem.ts';

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
