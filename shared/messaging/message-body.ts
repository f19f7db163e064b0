import * as z from 'zod/mini';

import { PermanentError } from '../errors/permanent-error.ts';
import { fieldErrors } from '../validation/field-errors.ts';

/** A body that no redelivery will mend: no JSON, another version, an unknown state or type. */
export class InvalidMessageError extends PermanentError {
  override readonly name = 'InvalidMessageError';
}

/**
 * Parses the body of a message. The error says what is wrong and where, and repeats none of the
 * content, so that it can be logged.
 *
 * @throws InvalidMessageError
 */
export function parseMessage<Schema extends z.ZodMiniType>(
  body: string,
  schema: Schema,
): z.output<Schema> {
  const result = z.safeParse(schema, jsonOf(body), { reportInput: true });
  if (result.success) return result.data;
  const problems = fieldErrors(result.error.issues).map(
    ({ field, detail }) => `${field} ${detail}`,
  );
  throw new InvalidMessageError(`The body is not as agreed: ${problems.join('; ')}`);
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The parser's own message quotes the body, which may hold personal data.
    throw new InvalidMessageError('The body is no JSON');
  }
}
