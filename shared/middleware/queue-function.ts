import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod/mini';

import { sqsClient } from '../aws-clients.ts';
import { asError, failureKind, TransientError } from '../errors.ts';
import { type Delivery, undelivered } from '../messaging/sending.ts';
import { consumeBatch, type Precautions, SourceQueue } from '../messaging/partial-batch.ts';
import { incomingMessage, parseMessage } from '../messaging/received-message.ts';
import { inStack, queueBatchShape } from './stack.ts';
import { count, logger, type Reporting, reporting } from './telemetry.ts';

/**
 * How a service works on the messages of one queue, in two halves: `work` for each message, and
 * `deliver` for what came of several. A message is done when both have succeeded.
 */
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

/** Nothing was said about a message that was handed over, so it counts as not sent. */
export class UnreportedDeliveryError extends TransientError {
  override readonly name = 'UnreportedDeliveryError';

  constructor({ messageId }: SQSRecord) {
    super('Nothing was reported about what came of a message', { messageId });
  }
}

/**
 * A function that takes messages from a queue and answers with those that must go back. Each
 * message has a logger of its own, with the ids that came in its attributes.
 */
export function queueFunction<Schema extends z.ZodMiniType, Dependencies, Output>(
  dependencies: () => Dependencies,
  queueWork: QueueWork<Schema, Dependencies, Output>,
) {
  return inStack(queueBatchShape, async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const available = dependencies();
    const failed = new Set<SQSRecord>();
    const returned = await consumeBatch(
      Records,
      async (records) => {
        const failures = await failuresOf(records, queueWork, available);
        for (const [record, error] of failures) reportFailure(record, error);
        for (const record of failures.keys()) failed.add(record);
        return new Set(failures.keys());
      },
      precautionsOn(Records),
    );
    for (const record of returned) if (!failed.has(record)) reportHeldBack(record);
    return { batchItemFailures: returned.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
}

/** Works on messages concurrently, sends what came of them together, and tells what failed. */
async function failuresOf<Schema extends z.ZodMiniType, Dependencies, Output>(
  records: readonly SQSRecord[],
  { schema, work, deliver }: QueueWork<Schema, Dependencies, Output>,
  available: Dependencies,
): Promise<ReadonlyMap<SQSRecord, Error>> {
  const failures = new Map<SQSRecord, Error>();
  const outputs = new Map<SQSRecord, Output>();
  const attempt = async (record: SQSRecord): Promise<void> => {
    try {
      const message = parseMessage(incomingMessage(record).body, schema);
      const output = await work(message, available, reportingOn(record));
      if (output !== undefined) outputs.set(record, output);
    } catch (error) {
      failures.set(record, asError(error));
    }
  };
  await Promise.all(records.map((record) => attempt(record)));
  if (outputs.size === 0) return failures;

  let deliveries: readonly Delivery[];
  try {
    deliveries = await deliver([...outputs.values()], available);
  } catch (error) {
    deliveries = [...outputs].map(() => undelivered(asError(error)));
  }
  for (const [place, record] of [...outputs.keys()].entries()) {
    const delivery = deliveries[place] ?? undelivered(new UnreportedDeliveryError(record));
    if (!delivery.delivered) failures.set(record, delivery.error);
  }
  return failures;
}

function precautionsOn([first]: readonly SQSRecord[]): Precautions {
  const queue = first && new SourceQueue(sqsClient(), first.eventSourceARN);
  return {
    remove: (records) => attempted(queue?.remove(records)),
    spread: (records) => attempted(queue?.spread(records)),
  };
}

/** Where a precaution fails the work goes on: all that is lost is the distance to a poison. */
async function attempted(precaution: Promise<void> | undefined): Promise<void> {
  try {
    await precaution;
  } catch (error) {
    count('PrecautionsFailed');
    logger.warn('Messages could not be kept apart from a suspect', { error: asError(error) });
  }
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
