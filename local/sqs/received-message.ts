import type { QueueMessage } from './message.ts';
import type { ReceivedMessage } from './queue.ts';
import { encodeReceiptHandle } from './receipt-handle.ts';

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
