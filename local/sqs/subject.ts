import * as z from 'zod';
import type { OutgoingMessage } from './queue.ts';

/** The part of an SNS notification that is looked at. */
const notification = z.object({
  Type: z.literal('Notification'),
  MessageAttributes: z.record(z.string(), z.object({ Value: z.string() })),
});

/**
 * What a message is about (see `Activity`): the value of the named attribute, of the message itself
 * or of the SNS notification in its body; else the message group id.
 */
export function subjectOf(
  message: OutgoingMessage,
  attributeName: string | undefined,
): string | undefined {
  if (attributeName === undefined) return message.messageGroupId;
  return (
    message.attributes?.[attributeName]?.stringValue ??
    subjectInNotification(message.body, attributeName) ??
    message.messageGroupId
  );
}

function subjectInNotification(body: string, attributeName: string): string | undefined {
  // Most bodies are no notifications: a look at the text spares parsing them.
  if (!body.startsWith('{') || !body.includes('"Notification"')) return undefined;
  const parsed = notification.safeParse(parseJson(body));
  return parsed.success ? parsed.data.MessageAttributes[attributeName]?.Value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A body is whatever its sender likes; one that is no JSON is no notification.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
