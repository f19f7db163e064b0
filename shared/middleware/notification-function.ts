import type { SNSEvent, SNSEventRecord } from 'aws-lambda';
import type * as z from 'zod/mini';

import { type FailureKind, failureKind, PermanentError, TransientError } from '../errors.ts';
import { parseMessage } from '../messaging/received-message.ts';
import { inStack, notificationShape } from './stack.ts';
import { type Reporting, reporting } from './telemetry.ts';

/**
 * A function that a topic invokes asynchronously. What it throws makes Lambda try again, twice,
 * and then hand the event to the function's dead-letter queue.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function notificationFunction<Schema extends z.ZodMiniType, Dependencies>(
  dependencies: () => Dependencies,
  schema: Schema,
  work: (message: z.output<Schema>, dependencies: Dependencies, report: Reporting) => Promise<void>,
) {
  return inStack(notificationShape, async ({ Records }: SNSEvent): Promise<void> => {
    const available = dependencies();
    // SNS puts one record into an event. Were there more, a failure would repeat those before it,
    // which is allowed: the work must be idempotent anyway.
    for (const record of Records) {
      const report = reportingOn(record);
      try {
        await work(parseMessage(record.Sns.Message, schema), available, report);
      } catch (error) {
        const kind = failureKind(error);
        report.count(kind === 'permanent' ? 'PermanentFailures' : 'TransientFailures');
        report.log.error('Notification failed', { kind, error });
        throw retold(kind, record);
      }
    }
  });
}

/**
 * What Lambda is told, and writes to the log by itself, past the logger that masks. The error of a
 * mail service names addresses, so only ids go on.
 */
function retold(kind: FailureKind, { Sns: { MessageId: messageId } }: SNSEventRecord): Error {
  const text = `Notification ${messageId} failed (${kind}); the line before says why`;
  return kind === 'permanent'
    ? new PermanentError(text, { messageId })
    : new TransientError(text, { messageId });
}

function reportingOn({ Sns }: SNSEventRecord): Reporting {
  const orderId = Sns.MessageAttributes.OrderId?.Value;
  return reporting(Sns.MessageAttributes.CorrelationId?.Value ?? Sns.MessageId, {
    messageId: Sns.MessageId,
    ...(orderId !== undefined && { orderId }),
  });
}
