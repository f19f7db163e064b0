import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod/mini';

import { failureKind } from '../errors.ts';
import type { Delivery } from '../messaging/batch-sending.ts';
import { consumeBatch } from '../messaging/partial-batch.ts';
import { incomingMessage, parseMessage } from '../messaging/received-message.ts';
import { inStack, queueBatchShape } from './stack.ts';
import { count, type Reporting, reporting } from './telemetry.ts';

/** How a service works on the messages of one queue. */
export interface QueueWork<Schema extends z.ZodMiniType, Dependencies, Output> {
  readonly schema: Schema;
  /** Does what must be done before anything is sent; `undefined`: there is nothing to send. */
  readonly work: (
    message: z.output<Schema>,
    dependencies: Dependencies,
    report: Reporting,
  ) => Promise<Output | undefined>;
  /** Sends what came of several messages together; the answer is in the same order. */
  readonly deliver: (
    outputs: readonly Output[],
    dependencies: Dependencies,
  ) => Promise<readonly Delivery[]>;
}

/**
 * A function that takes messages from a queue and answers with those that must go back. Each
 * message has a logger of its own, with the ids that came in its attributes.
 */
export function queueFunction<Schema extends z.ZodMiniType, Dependencies, Output>(
  dependencies: () => Dependencies,
  { schema, work, deliver }: QueueWork<Schema, Dependencies, Output>,
) {
  return inStack(queueBatchShape, async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const available = dependencies();
    return consumeBatch<Output>(Records, {
      work: async (record) => {
        const { body } = incomingMessage(record);
        return work(parseMessage(body, schema), available, reportingOn(record));
      },
      deliver: (outputs) => deliver(outputs, available),
      failed: reportFailure,
      heldBack: reportHeldBack,
    });
  });
}

function reportingOn(record: SQSRecord): Reporting {
  const { attributes } = incomingMessage(record);
  const { CorrelationId = record.messageId, OrderId } = attributes;
  return reporting(CorrelationId, {
    messageId: record.messageId,
    ...(OrderId !== undefined && { orderId: OrderId }),
  });
}

function reportFailure(record: SQSRecord, error: Error): void {
  const kind = failureKind(error);
  count('BatchItemFailures');
  count(kind === 'permanent' ? 'PermanentFailures' : 'TransientFailures');
  reportingOn(record).log.error('Message goes back to its queue', {
    kind,
    receiveCount: record.attributes.ApproximateReceiveCount,
    error,
  });
}

function reportHeldBack(record: SQSRecord): void {
  count('BatchItemFailures');
  reportingOn(record).log.info('Message goes back behind a failed one of its group');
}
