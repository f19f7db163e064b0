import type { MessageAttribute } from '../sqs/queue.ts';
import { checkMessageAttributes, sizeOfAttributes } from './message-attributes.ts';
import { readMessageStructure, type MessageTexts } from './message-structure.ts';
import { invalidParameter } from './sns-errors.ts';
import { isContentBased } from './topic-attributes.ts';
import type { TopicRecord } from './topic.ts';

/** In bytes, attributes included. */
export const LARGEST_MESSAGE = 262_144;

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
export function checkLength(input: MessageInput): void {
  if (sizeOfMessage(input) > LARGEST_MESSAGE) throw invalidParameter('Message too long');
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
