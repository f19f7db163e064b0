import * as z from 'zod';
import { nameOfCaller } from '../../endpoint/caller.ts';
import { invalidValue, unknownAttribute } from '../errors.ts';
import { MAXIMUM_BATCH_ENTRIES, MAXIMUM_WAIT_SECONDS } from '../model/limits.ts';
import { md5OfAttributes, selectAttributes } from '../model/message-attributes.ts';
import type { MessageAttribute, ReceivedMessage } from '../queue.ts';
import {
  action,
  type Action,
  integer,
  queueOf,
  requireBatch,
  required,
  runBatch,
  text,
  textList,
} from './action.ts';

const SYSTEM_ATTRIBUTES = new Set([
  'All',
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
]);

/** ReceiveMessage. */
export const receiveActions: Record<string, Action> = {
  ReceiveMessage: action(
    z.object({
      QueueUrl: text,
      AttributeNames: textList,
      MessageSystemAttributeNames: textList,
      MessageAttributeNames: textList,
      MaxNumberOfMessages: integer,
      VisibilityTimeout: integer,
      WaitTimeSeconds: integer,
      ReceiveRequestAttemptId: text,
    }),
    async (input, call) => {
      const queue = queueOf(input.QueueUrl, call);
      const maxMessages = input.MaxNumberOfMessages ?? 1;
      const waitSeconds = input.WaitTimeSeconds ?? queue.settings.waitSeconds;
      const attemptId = input.ReceiveRequestAttemptId;
      requireRange('MaxNumberOfMessages', maxMessages);
      requireRange('WaitTimeSeconds', waitSeconds);
      if (attemptId !== undefined && !queue.fifo) {
        throw invalidValue(
          attemptId,
          'ReceiveRequestAttemptId',
          'The request include parameter that is not valid for this queue type.',
        );
      }
      // AttributeNames is the older name of the same parameter.
      const systemNames = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
      for (const name of systemNames) {
        if (!SYSTEM_ATTRIBUTES.has(name)) throw unknownAttribute(name);
      }
      const messages = await queue.receive({
        maxMessages,
        waitSeconds,
        visibilityTimeoutSeconds: input.VisibilityTimeout,
        attemptId,
        signal: call.signal,
        by: nameOfCaller(call.caller),
      });
      if (messages.length === 0) return {};
      return {
        Messages: messages.map((message) =>
          toMessageShape(message, systemNames, input.MessageAttributeNames),
        ),
      };
    },
  ),
};

const RANGES = {
  MaxNumberOfMessages: {
    minimum: 1,
    maximum: MAXIMUM_BATCH_ENTRIES,
    reason: `Must be between 1 and ${MAXIMUM_BATCH_ENTRIES}, if provided.`,
  },
  WaitTimeSeconds: {
    minimum: 0,
    maximum: MAXIMUM_WAIT_SECONDS,
    reason: `Must be >= 0 and <= ${MAXIMUM_WAIT_SECONDS}, if provided.`,
  },
};

function requireRange(parameter: keyof typeof RANGES, value: number): void {
  const { minimum, maximum, reason } = RANGES[parameter];
  if (value < minimum || value > maximum) throw invalidValue(value, parameter, reason);
}

function toMessageShape(
  message: ReceivedMessage,
  systemNames: string[],
  attributeNames: string[],
): object {
  const attributes = selectAttributes(message.messageAttributes, attributeNames);
  const complete = attributes === message.messageAttributes;
  // The digest covers the attributes that are returned, so that the SDKs can check them.
  const digest = complete ? message.md5OfMessageAttributes : md5OfAttributes(attributes);
  const system = Object.entries(message.systemAttributes).filter(
    ([name]) => systemNames.includes('All') || systemNames.includes(name),
  );
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(system.length === 0 ? {} : { Attributes: Object.fromEntries(system) }),
    ...(digest === undefined
      ? {}
      : {
          MD5OfMessageAttributes: digest,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [name, toAttributeShape(value)]),
          ),
        }),
  };
}

const toAttributeShape = ({ dataType, stringValue, binaryValue }: MessageAttribute): object => ({
  ...(stringValue === undefined ? {} : { StringValue: stringValue }),
  ...(binaryValue === undefined ? {} : { BinaryValue: binaryValue }),
  DataType: dataType,
});

const entries = z
  .array(z.object({ Id: text, ReceiptHandle: text, VisibilityTimeout: integer }))
  .default([]);

/** What consumers do with a message that they hold: delete it, or change its visibility timeout. */
export const acknowledgeActions: Record<string, Action> = {
  DeleteMessage: action(
    z.object({ QueueUrl: text, ReceiptHandle: text }),
    ({ QueueUrl, ReceiptHandle }, call) => {
      const queue = queueOf(QueueUrl, call);
      queue.remove(required(ReceiptHandle, 'ReceiptHandle'));
      return {};
    },
  ),

  DeleteMessageBatch: action(z.object({ QueueUrl: text, Entries: entries }), (input, call) => {
    const queue = queueOf(input.QueueUrl, call);
    const batch = requireBatch(input.Entries, 'DeleteMessageBatchRequestEntry');
    return runBatch(batch, ({ ReceiptHandle }) => {
      queue.remove(required(ReceiptHandle, 'ReceiptHandle'));
      return {};
    });
  }),

  ChangeMessageVisibility: action(
    z.object({ QueueUrl: text, ReceiptHandle: text, VisibilityTimeout: integer }),
    ({ QueueUrl, ReceiptHandle, VisibilityTimeout }, call) => {
      const queue = queueOf(QueueUrl, call);
      queue.hide(
        required(ReceiptHandle, 'ReceiptHandle'),
        required(VisibilityTimeout, 'VisibilityTimeout'),
      );
      return {};
    },
  ),

  ChangeMessageVisibilityBatch: action(
    z.object({ QueueUrl: text, Entries: entries }),
    (input, call) => {
      const queue = queueOf(input.QueueUrl, call);
      const batch = requireBatch(input.Entries, 'ChangeMessageVisibilityBatchRequestEntry');
      return runBatch(batch, ({ ReceiptHandle, VisibilityTimeout }) => {
        queue.hide(
          required(ReceiptHandle, 'ReceiptHandle'),
          required(VisibilityTimeout, 'VisibilityTimeout'),
        );
        return {};
      });
    },
  ),
};
