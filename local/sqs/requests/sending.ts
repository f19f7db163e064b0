import * as z from 'zod';
import { batchTooLong, invalidParameter } from '../errors.ts';
import type { EmulatedQueue } from '../model/emulated-queue.ts';
import { MAXIMUM_BATCH_BYTES } from '../model/limits.ts';
import { md5OfAttributes } from '../model/message-attributes.ts';
import { missingDeduplicationId, sizeOfMessage } from '../model/outgoing-message.ts';
import type { MessageAttribute, OutgoingMessage } from '../queue.ts';
import {
  action,
  type Action,
  type ActionCall,
  integer,
  queueOf,
  requireBatch,
  required,
  runBatch,
  text,
} from './action.ts';

const attribute = z.object({
  DataType: z.string().default(''),
  StringValue: text,
  BinaryValue: text,
  StringListValues: z.array(z.string()).optional(),
  BinaryListValues: z.array(z.string()).optional(),
});
const attributeMap = z.record(z.string(), attribute).default({});

const message = {
  MessageBody: text,
  DelaySeconds: integer,
  MessageAttributes: attributeMap,
  MessageSystemAttributes: attributeMap,
  MessageDeduplicationId: text,
  MessageGroupId: text,
};
const messageSchema = z.object(message);

/** SendMessage and SendMessageBatch. */
export const sendActions: Record<string, Action> = {
  SendMessage: action(messageSchema.extend({ QueueUrl: text }), (input, call) =>
    sendOne(queueOf(input.QueueUrl, call), toOutgoing(input), call),
  ),

  SendMessageBatch: action(
    z.object({
      QueueUrl: text,
      Entries: z.array(z.object({ Id: text, ...message })).default([]),
    }),
    (input, call) => {
      const queue = queueOf(input.QueueUrl, call);
      const entries = requireBatch(input.Entries, 'SendMessageBatchRequestEntry');
      requireBatchSize(entries);
      if (queue.fifo) for (const entry of entries) requireFifoParameters(entry, queue);
      return runBatch(entries, (entry) => sendOne(queue, toOutgoing(entry), call));
    },
  ),
};

function sendOne(queue: EmulatedQueue, outgoing: OutgoingMessage, { caller }: ActionCall): object {
  const { sent, content } = queue.enqueue(outgoing, { kind: 'caller', caller });
  const trace = content.traceHeader;
  return {
    MessageId: sent.messageId,
    MD5OfMessageBody: content.md5OfBody,
    ...(content.md5OfAttributes === undefined
      ? {}
      : { MD5OfMessageAttributes: content.md5OfAttributes }),
    ...(trace === undefined
      ? {}
      : {
          MD5OfMessageSystemAttributes: md5OfAttributes({
            AWSTraceHeader: { dataType: 'String', stringValue: trace },
          }),
        }),
    ...(sent.sequenceNumber === undefined ? {} : { SequenceNumber: sent.sequenceNumber }),
  };
}

function toOutgoing(input: z.infer<typeof messageSchema>): OutgoingMessage {
  return {
    body: required(input.MessageBody, 'MessageBody'),
    attributes: toAttributes(input.MessageAttributes),
    delaySeconds: input.DelaySeconds,
    messageGroupId: input.MessageGroupId,
    messageDeduplicationId: input.MessageDeduplicationId,
    traceHeader: toTraceHeader(input.MessageSystemAttributes),
  };
}

function toAttributes(
  attributes: z.infer<typeof attributeMap>,
): Record<string, MessageAttribute> | undefined {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([name, { DataType, StringValue, BinaryValue, ...lists }]) => {
      if (lists.StringListValues?.length || lists.BinaryListValues?.length) {
        throw invalidParameter(
          'Message attribute list values in SendMessage operation are not supported.',
        );
      }
      return [
        name,
        {
          dataType: DataType,
          ...(StringValue === undefined ? {} : { stringValue: StringValue }),
          ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
        },
      ];
    }),
  );
}

function toTraceHeader(attributes: z.infer<typeof attributeMap>): string | undefined {
  for (const [name, { DataType, StringValue }] of Object.entries(attributes)) {
    if (name !== 'AWSTraceHeader') {
      throw invalidParameter(
        `Message system attribute name '${name}' is invalid. The only one supported is AWSTraceHeader.`,
      );
    }
    if (DataType !== 'String' || !StringValue) {
      throw invalidParameter(
        `Message (system) attribute '${name}' must contain a non-empty value of type 'String'.`,
      );
    }
    return StringValue;
  }
  return undefined;
}

function requireBatchSize(entries: z.infer<typeof messageSchema>[]): void {
  const total = entries.reduce(
    (sum, entry) =>
      sum +
      sizeOfMessage({
        body: entry.MessageBody ?? '',
        attributes: toAttributes(entry.MessageAttributes),
      }),
    0,
  );
  if (total > MAXIMUM_BATCH_BYTES) throw batchTooLong(MAXIMUM_BATCH_BYTES, total);
}

/** In a batch a missing FIFO parameter refuses the whole request, under another code. */
function requireFifoParameters(
  { MessageGroupId, MessageDeduplicationId }: z.infer<typeof messageSchema>,
  { settings }: EmulatedQueue,
): void {
  if (MessageGroupId === undefined) {
    throw invalidParameter('The request must contain the parameter MessageGroupId.');
  }
  if (MessageDeduplicationId === undefined && !settings.contentBasedDeduplication) {
    throw missingDeduplicationId();
  }
}
