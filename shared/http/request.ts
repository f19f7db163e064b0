import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';

import { fieldErrors } from '../field-errors.ts';
import { HttpProblem } from './problem.ts';

export const MAX_BODY_BYTES = 64 * 1024;

/** A header by its name in lower case, which is how API Gateway's payload format 2.0 gives them. */
export function header(event: APIGatewayProxyEventV2, name: string): string | undefined {
  return event.headers[name]?.trim();
}

/** Parses what came in a path or a query string. @throws HttpProblem 400 */
export function parseParameters<Schema extends z.ZodMiniType>(
  parameters: Readonly<Record<string, string | undefined>> | undefined,
  schema: Schema,
): z.output<Schema> {
  return validated(parameters ?? {}, schema);
}

/**
 * Parses a body of JSON.
 *
 * @throws HttpProblem 400, 413 or 415; a 400 names everything that is wrong at once
 */
export function parseBody<Schema extends z.ZodMiniType>(
  event: APIGatewayProxyEventV2,
  schema: Schema,
): z.output<Schema> {
  requireJson(header(event, 'content-type') ?? '');
  const bytes = bodyBytes(event);
  if (bytes.length > MAX_BODY_BYTES) {
    const detail = `must have ${MAX_BODY_BYTES} bytes at most`;
    throw new HttpProblem('body-too-large', `The body ${detail}`, {
      errors: [{ field: 'body', rule: 'maximum', detail }],
    });
  }
  return validated(parseJson(bytes), schema);
}

export function hasBody({ body }: APIGatewayProxyEventV2): boolean {
  return body !== undefined && body !== '';
}

/** `application/json` or another type with the `+json` suffix (RFC 6839), in UTF-8 (RFC 8259). */
function requireJson(contentType: string): void {
  const [mediaType = '', ...parameters] = contentType.toLowerCase().split(';');
  const json = /^application\/([\w.-]+\+)?json$/.test(mediaType.trim());
  const utf8 = parameters
    .map((parameter) => parameter.trim())
    .every(
      (parameter) => !parameter.startsWith('charset=') || /^charset="?utf-8"?$/.test(parameter),
    );
  if (!json || !utf8) {
    throw new HttpProblem(
      'unsupported-media-type',
      'The content type must be application/json, in UTF-8',
      {
        errors: [
          { field: 'Content-Type', rule: 'format', detail: 'must be application/json, in UTF-8' },
        ],
        headers: { 'accept-post': 'application/json' },
      },
    );
  }
}

function bodyBytes({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): Buffer {
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's own message quotes the body, which may hold personal data.
    const detail = bytes.length === 0 ? 'is required' : 'must be JSON';
    throw new HttpProblem('malformed-json', 'The body can not be parsed as JSON', {
      errors: [{ field: 'body', rule: bytes.length === 0 ? 'required' : 'json', detail }],
    });
  }
}

function validated<Schema extends z.ZodMiniType>(input: unknown, schema: Schema): z.output<Schema> {
  const result = z.safeParse(schema, input, { reportInput: true });
  if (result.success) return result.data;
  const errors = fieldErrors(result.error.issues);
  throw new HttpProblem('invalid-request', 'See errors for what to change', { errors });
}
