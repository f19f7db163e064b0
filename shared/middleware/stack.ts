import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import withMiddleware, { type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';

import { type EventShape, expectShape } from './event-shape.ts';
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
  return withMiddleware(handler)
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use({ after: writeMetrics, onError: writeMetrics })
    .use(expectShape(shape));
}

/** Powertools' own middleware warns on each invocation that has counted nothing. */
function writeMetrics(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
