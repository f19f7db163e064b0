import { hash } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../json/parse-json.ts';
import {
  invalidMessageContents,
  invalidParameter,
  invalidValue,
  missingParameter,
} from '../errors.ts';
import type { OutgoingMessage, QueueSender } from '../queue.ts';
import { MAXIMUM_DELAY_SECONDS } from './limits.ts';
import {
  md5OfAttributes,
  sizeOfAttributes,
  validateMessageAttributes,
} from './message-attributes.ts';
import { characterOutsideXml, type MessageContent, senderIdOf } from './message.ts';
import type { QueueSettings } from './queue-attributes.ts';

const GROUP_OR_DEDUPLICATION_ID = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

/** The bytes that count against the size limits: body and attributes. */
export const sizeOfMessage = (message: OutgoingMessage): number =>
  Buffer.byteLength(message.body) + sizeOfAttributes(message.attributes ?? {});

/**
 * Checks a message against the rules of SendMessage and the queue's settings.
 *
 * @throws AwsError
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function validateMessage(message: OutgoingMessage, settings: QueueSettings): void {
  if (message.body === '') throw missingParameter('MessageBody');
  const character = characterOutsideXml(message.body);
  if (character !== undefined) {
    throw invalidMessageContents(
      `Invalid binary character '${character}' was found in the message body, the set of allowed characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF].`,
    );
  }
  if (message.attributes) validateMessageAttributes(message.attributes);
  if (sizeOfMessage(message) > settings.maximumMessageSize) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${settings.maximumMessageSize} bytes.`,
    );
  }
  validateDelay(message.delaySeconds, settings);
  validateId('MessageGroupId', message.messageGroupId);
  validateId('MessageDeduplicationId', message.messageDeduplicationId);
  if (settings.fifo) validateFifoParameters(message, settings);
  else if (message.messageDeduplicationId !== undefined) {
    throw invalidValue(
      message.messageDeduplicationId,
      'MessageDeduplicationId',
      'The request includes a parameter that is not valid for this queue type.',
    );
  }
}

function validateDelay(delaySeconds: number | undefined, { fifo }: QueueSettings): void {
  if (delaySeconds === undefined) return;
  if (delaySeconds < 0 || delaySeconds > MAXIMUM_DELAY_SECONDS) {
    throw invalidValue(
      delaySeconds,
      'DelaySeconds',
      `DelaySeconds must be >= 0 and <= ${MAXIMUM_DELAY_SECONDS}.`,
    );
  }
  if (fifo && delaySeconds > 0) {
    throw invalidValue(
      delaySeconds,
      'DelaySeconds',
      'The request include parameter that is not valid for this queue type.',
    );
  }
}

function validateId(
  parameter: 'MessageGroupId' | 'MessageDeduplicationId',
  id: string | undefined,
): void {
  if (id === undefined || GROUP_OR_DEDUPLICATION_ID.test(id)) return;
  throw invalidValue(
    id,
    parameter,
    `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

function validateFifoParameters(message: OutgoingMessage, settings: QueueSettings): void {
  if (message.messageGroupId === undefined) throw missingParameter('MessageGroupId');
  if (message.messageDeduplicationId === undefined && !settings.contentBasedDeduplication) {
    throw missingDeduplicationId();
  }
}

export const missingDeduplicationId = () =>
  invalidParameter(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );

/** What is kept of a valid message. */
export function contentOf(
  message: OutgoingMessage,
  sender: QueueSender,
  settings: QueueSettings,
  subjectAttribute: string | undefined,
): MessageContent {
  const attributes = message.attributes ?? {};
  return {
    body: message.body,
    md5OfBody: hash('md5', message.body),
    attributes,
    md5OfAttributes: md5OfAttributes(attributes),
    traceHeader: message.traceHeader,
    groupId: message.messageGroupId,
    // Content-based deduplication looks at the body alone, not at the attributes.
    deduplicationId: settings.fifo
      ? (message.messageDeduplicationId ?? hash('sha256', message.body))
      : undefined,
    senderId: senderIdOf(sender),
    subject: subjectOf(message, subjectAttribute),
  };
}

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
