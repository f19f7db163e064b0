import * as z from 'zod/mini';

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
