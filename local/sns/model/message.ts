import * as z from 'zod';
import { parseJson } from '../../json/parse-json.ts';
import type { MessageAttribute } from '../../sqs/queue.ts';
import { invalidParameter } from '../errors.ts';
import { checkMessageAttributes, sizeOfAttributes } from './message-attributes.ts';
import { isContentBased, maximumMessageSize, type TopicRecord } from './topic.ts';

const messageAttributeSchema = z.object({
  dataType: z.string(),
  stringValue: z.exactOptional(z.string()),
  binaryValue: z.exactOptional(z.string()),
});

export const publishedMessageSchema = z.object({
  messageId: z.string(),
  topicArn: z.string(),
  topicName: z.string(),
  /** What a protocol without a text of its own receives. */
  body: z.string(),
  /** Texts by protocol, from a message structure of `json`. */
  bodies: z.exactOptional(z.record(z.string(), z.string())),
  /** The Subject parameter. */
  subjectLine: z.exactOptional(z.string()),
  attributes: z.record(z.string(), messageAttributeSchema),
  /** Milliseconds since the epoch. */
  publishedAt: z.number(),
  signatureVersion: z.enum(['1', '2']),
  fifo: z.boolean(),
  groupId: z.exactOptional(z.string()),
  deduplicationId: z.exactOptional(z.string()),
  sequenceNumber: z.exactOptional(z.string()),
  /** See `Activity`. */
  subject: z.exactOptional(z.string()),
});

/** A message that a topic has accepted. */
export type PublishedMessage = z.infer<typeof publishedMessageSchema>;

export const bodyFor = (message: PublishedMessage, protocol: string): string =>
  message.bodies?.[protocol] ?? message.body;

/** What a publisher hands over. */
export interface MessageInput {
  message: string;
  /** The Subject parameter: up to 100 characters without line breaks or control characters. */
  subject?: string;
  attributes?: Record<string, MessageAttribute>;
  /** `json` when the message holds a text per protocol. */
  messageStructure?: string;
  messageGroupId?: string;
  messageDeduplicationId?: string;
}

const IDENTIFIER = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;
const SUBJECT = /^(?!\s)\P{Cc}{1,100}$/u;

export const sizeOfMessage = ({ message, attributes = {} }: MessageInput): number =>
  Buffer.byteLength(message) + sizeOfAttributes(attributes);

/**
 * Checks a message against the rules of its topic and reads its structure.
 *
 * @throws AwsError InvalidParameter, ParameterValueInvalid
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function checkMessageInput(topic: TopicRecord, input: MessageInput): MessageTexts {
  if (input.message === '') throw invalidParameter('Empty message');
  if (input.subject !== undefined && !SUBJECT.test(input.subject)) {
    throw invalidParameter('Subject');
  }
  checkOrdering(topic, input);
  if (input.attributes) checkMessageAttributes(input.attributes);
  return readMessageStructure(input.message, input.messageStructure);
}

/** @throws AwsError InvalidParameter */
export function checkLength({ attributes }: TopicRecord, input: MessageInput): void {
  if (sizeOfMessage(input) > maximumMessageSize(attributes))
    throw invalidParameter('Message too long');
}

function checkOrdering(topic: TopicRecord, input: MessageInput): void {
  const { messageGroupId, messageDeduplicationId } = input;
  if (messageGroupId !== undefined && !IDENTIFIER.test(messageGroupId)) {
    throw invalidParameter('MessageGroupId Reason: Invalid MessageGroupId');
  }
  if (!topic.fifo) {
    if (messageDeduplicationId !== undefined) {
      throw invalidParameter(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      );
    }
    return;
  }
  if (messageGroupId === undefined) {
    throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  }
  if (messageDeduplicationId === undefined) {
    if (isContentBased(topic)) return;
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  if (!IDENTIFIER.test(messageDeduplicationId)) {
    throw invalidParameter('MessageDeduplicationId Reason: Invalid MessageDeduplicationId');
  }
}

/** The text of a message, and those that single protocols receive instead. */
export interface MessageTexts {
  body: string;
  bodies?: Record<string, string>;
}

/**
 * Reads a message structure of `json`: an object with a text per protocol, of which `default` is
 * required. Members that are no strings do not count.
 *
 * @throws AwsError InvalidParameter
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function readMessageStructure(message: string, structure: string | undefined): MessageTexts {
  if (structure === undefined || structure === '') return { body: message };
  if (structure !== 'json') throw invalidParameter('MessageStructure');
  const parsed = parseJson(message);
  if (typeof parsed !== 'object' || parsed === null) {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const bodies: Record<string, string> = {};
  for (const [protocol, text] of Object.entries(parsed)) {
    if (typeof text === 'string') bodies[protocol] = text;
  }
  const { default: body } = bodies;
  if (body === undefined) {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return { body, bodies };
}
