import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';

import { PermanentError } from '../errors.ts';
import { fieldErrors } from '../field-errors.ts';

/** A message as a consumer sees it, whichever way it came. */
export interface IncomingMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export function incomingMessage(record: SQSRecord): IncomingMessage {
  return unwrap(record.body) ?? { body: record.body, attributes: ownAttributes(record) };
}

function ownAttributes(record: SQSRecord): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const [name, { stringValue }] of Object.entries(record.messageAttributes)) {
    if (stringValue !== undefined) attributes[name] = stringValue;
  }
  return attributes;
}

/**
 * What SNS wraps a message in on its way to a queue, unless the subscription has raw delivery.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
const envelopeSchema = z.object({
  Type: z.literal('Notification'),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  MessageAttributes: z.optional(
    z.record(z.string(), z.object({ Type: z.string(), Value: z.string() })),
  ),
});

/** A message that came through a topic, whether its subscription delivers raw or not. */
export interface Unwrapped {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Takes a message out of its envelope; `undefined` when it is in none. */
export function unwrap(body: string): Unwrapped | undefined {
  // Cheaper than parsing each body twice, and true of every envelope.
  if (!body.includes('"Notification"')) return undefined;
  const envelope = z.safeParse(envelopeSchema, jsonOrUndefined(body));
  if (!envelope.success) return undefined;
  const attributes = Object.entries(envelope.data.MessageAttributes ?? {});
  return {
    body: envelope.data.Message,
    attributes: Object.fromEntries(attributes.map(([name, { Value }]) => [name, Value])),
  };
}

/** A body that is no JSON is in no envelope; whoever parses the message reports it. */
function jsonOrUndefined(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

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
