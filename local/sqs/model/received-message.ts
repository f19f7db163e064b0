import { receiptHandleIsInvalid } from '../errors.ts';
import type { ReceivedMessage } from '../queue.ts';
import type { QueueMessage } from './message.ts';

/** The message as its consumer gets it, with the receipt handle of this receive. */
export function toReceivedMessage(queueName: string, message: QueueMessage): ReceivedMessage {
  const { id, content, receiveCount } = message;
  return {
    messageId: id,
    receiptHandle: encodeReceiptHandle({ queueName, messageId: id, receiveCount }),
    body: content.body,
    md5OfBody: content.md5OfBody,
    ...(content.md5OfAttributes === undefined
      ? {}
      : { md5OfMessageAttributes: content.md5OfAttributes }),
    systemAttributes: systemAttributesOf(message),
    messageAttributes: content.attributes,
    ...(content.subject === undefined ? {} : { subject: content.subject }),
  };
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
function systemAttributesOf(message: QueueMessage): Record<string, string> {
  const { content } = message;
  const attributes: Record<string, string> = {
    SenderId: content.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? 0),
  };
  const optional = {
    MessageGroupId: content.groupId,
    MessageDeduplicationId: content.deduplicationId,
    SequenceNumber: message.sequenceNumber,
    AWSTraceHeader: content.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  };
  for (const [name, value] of Object.entries(optional)) {
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}

/** What a receipt handle stands for: one receive of one message of one queue. */
export interface Receipt {
  queueName: string;
  messageId: string;
  /** The message's ApproximateReceiveCount at that receive. */
  receiveCount: number;
}

const RECEIPT = /^([\w.-]+) ([0-9a-f-]{36}) (\d+)$/;

export const encodeReceiptHandle = ({ queueName, messageId, receiveCount }: Receipt): string =>
  Buffer.from(`${queueName} ${messageId} ${receiveCount}`).toString('base64');

/** @throws AwsError ReceiptHandleIsInvalid when it is none, or one of another queue */
export function decodeReceiptHandle(handle: string, queueName: string): Receipt {
  const match = RECEIPT.exec(Buffer.from(handle, 'base64').toString('latin1'));
  const [, itsQueue, messageId, receiveCount] = match ?? [];
  if (messageId === undefined || itsQueue !== queueName) throw receiptHandleIsInvalid(handle);
  return { queueName, messageId, receiveCount: Number(receiveCount) };
}
