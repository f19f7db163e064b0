import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod';

/** An HTTP answer, ready to be written. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  cookies: string[];
  body: Buffer;
}

/** Turns a check that throws into one that answers. */
function passes(check: (text: string) => void): (text: string) => boolean {
  return (text) => {
    try {
      check(text);
      return true;
    } catch {
      return false;
    }
  };
}

const proxyAnswer = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.nullish(
    z.record(
      z.string().refine(passes(validateHeaderName)),
      z.union([
        z.string().refine(passes((text) => validateHeaderValue('x', text))),
        z.number(),
        z.boolean(),
      ]),
    ),
  ),
  cookies: z.nullish(z.array(z.string())),
  body: z.nullish(z.string()),
  isBase64Encoded: z.nullish(z.boolean()),
});

/** API Gateway's own answers: `{"message":"Not Found"}`. */
export const gatewayAnswer = (status: number, message: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  cookies: [],
  body: Buffer.from(JSON.stringify({ message })),
});

export const INTERNAL_SERVER_ERROR = gatewayAnswer(500, 'Internal Server Error');

/**
 * Makes the HTTP answer of what a function answered. Without a `statusCode` the whole answer is the
 * JSON body of a 200 (a text is the body as it is); with one it must have the documented shape.
 *
 * @param payload the function's answer as JSON text
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpAnswerOf(payload: string): HttpAnswer {
  const value: unknown = JSON.parse(payload);
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(typeof value === 'string' ? value : payload),
    };
  }
  const { success, data } = proxyAnswer.safeParse(value);
  if (!success) return INTERNAL_SERVER_ERROR;
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(data.headers ?? {})) {
    headers[name.toLowerCase()] = String(text);
  }
  return {
    status: data.statusCode,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...headers },
    cookies: data.cookies ?? [],
    body: Buffer.from(data.body ?? '', data.isBase64Encoded ? 'base64' : 'utf8'),
  };
}
