import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import withMiddleware from '@middy/core';
import type { MiddlewareObj, MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';

import { PermanentError } from '../errors.ts';
import { fieldErrors } from '../field-errors.ts';
import { withinDeadline } from '../invocation-deadline.ts';
import { logger, metrics } from './telemetry.ts';

/**
 * The one stack that every function runs in: the request's id and the cold start on each log line,
 * the event checked for what its trigger sends, and the metrics written once, in CloudWatch's
 * embedded metric format, when the work has ended, well or not. Nothing that is appended to the logger outlives an invocation.
 */
export function inStack<Event, Result>(
  shape: EventShape,
  handler: (event: Event, context: Context) => Promise<Result>,
): MiddyfiedHandler<Event, Result> {
  const inTime = (event: Event, context: Context) =>
    withinDeadline(context, () => handler(event, context));
  return withMiddleware(inTime)
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use({ after: writeMetrics, onError: writeMetrics })
    .use(expectShape(shape));
}

/** Powertools' own middleware warns on each invocation that has counted nothing. */
function writeMetrics(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}

/** A function was invoked with an event that its trigger does not send. */
export class EventShapeError extends PermanentError {
  override readonly name = 'EventShapeError';
}

/** What sends a function its events, and the part of such an event that the handlers rely on. */
export interface EventShape {
  readonly description: string;
  readonly schema: z.ZodMiniType;
}

const texts = z.record(z.string(), z.optional(z.string()));

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export const httpRequestShape: EventShape = {
  description: 'a request of an API Gateway HTTP API in payload format 2.0',
  schema: z.object({
    rawPath: z.string(),
    headers: texts,
    requestContext: z.object({
      requestId: z.string(),
      http: z.object({ method: z.string() }),
    }),
    pathParameters: z.optional(texts),
    queryStringParameters: z.optional(texts),
    body: z.optional(z.string()),
    isBase64Encoded: z.boolean(),
  }),
};

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export const queueBatchShape: EventShape = {
  description: 'a batch of SQS messages',
  schema: z.object({
    Records: z.array(
      z.object({
        messageId: z.string(),
        receiptHandle: z.string(),
        eventSourceARN: z.string(),
        body: z.string(),
        attributes: z.object({ ApproximateReceiveCount: z.string() }),
        messageAttributes: z.record(z.string(), z.object({ stringValue: z.optional(z.string()) })),
      }),
    ),
  }),
};

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export const notificationShape: EventShape = {
  description: 'a notification of an SNS topic',
  schema: z.object({
    Records: z.array(
      z.object({
        Sns: z.object({
          MessageId: z.string(),
          Message: z.string(),
          MessageAttributes: z.record(z.string(), z.object({ Value: z.string() })),
        }),
      }),
    ),
  }),
};

/**
 * Fails the invocation before its handler sees an event of another shape: a test event of the
 * console or a trigger of another kind is then told by a message instead of a TypeError.
 *
 * @throws EventShapeError that names each field and repeats none of the content
 */
export function expectShape({ description, schema }: EventShape): MiddlewareObj {
  return {
    before: ({ event }) => {
      const result = z.safeParse(schema, event, { reportInput: true });
      if (result.success) return;
      const problems = fieldErrors(result.error.issues).map(({ field, detail }) =>
        field === 'body' && !isObject(event) ? `the event ${detail}` : `${field} ${detail}`,
      );
      throw new EventShapeError(`The event must be ${description}: ${problems.join('; ')}`);
    },
  };
}

const isObject = (event: unknown): boolean => typeof event === 'object' && !Array.isArray(event);
