import * as z from 'zod';
import { action, integer, queueOf, required, text, type Action } from './action.ts';
import { requireBatch, runBatch } from './batch.ts';

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
