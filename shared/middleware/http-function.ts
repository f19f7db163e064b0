import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

import { ConfigurationError } from '../configuration.ts';
import { type FailureKind, failureKind } from '../errors.ts';
import { HttpProblem, type HttpResponse, problemResponse } from '../http/problem.ts';
import { header } from '../http/request.ts';
import { correlationIdSchema } from '../order/order.ts';
import { EventShapeError, httpRequestShape, inStack } from './stack.ts';
import { type Reporting, reporting } from './telemetry.ts';

const CORRELATION_HEADER = 'x-correlation-id';
const RETRY_AFTER_SECONDS = 2;

type Operation<Dependencies> = (
  event: APIGatewayProxyEventV2,
  dependencies: Dependencies,
  report: Reporting,
) => Promise<HttpResponse>;

/**
 * A function behind API Gateway (payload format 2.0). What the operation throws becomes a problem
 * document: an HttpProblem its own status, a transient failure 503, anything else 500. A wrong
 * configuration or an event that is no request gets no answer; the invocation fails, and API Gateway
 * answers 500.
 */
export function httpFunction<Dependencies>(
  dependencies: () => Dependencies,
  operation: Operation<Dependencies>,
) {
  return answering(dependencies, operation, failureKind);
}

/**
 * The same for an operation that asks no other service, so that nothing passes by waiting: its
 * bundle goes without the SDK's knowledge of failures.
 */
export function selfContainedHttpFunction<Dependencies>(
  dependencies: () => Dependencies,
  operation: Operation<Dependencies>,
) {
  return answering(dependencies, operation, () => 'permanent');
}

type Judge = (error: unknown) => FailureKind;

function answering<Dependencies>(
  dependencies: () => Dependencies,
  operation: Operation<Dependencies>,
  judge: Judge,
) {
  const answer = async (event: APIGatewayProxyEventV2, context: Context): Promise<HttpResponse> => {
    const report = reportingOn(event, context);
    return correlated(await operation(event, dependencies(), report), report);
  };
  return inStack(httpRequestShape, answer).use({
    onError: (request) => {
      const { error } = request;
      if (error instanceof ConfigurationError || error instanceof EventShapeError) return;
      const report = reportingOn(request.event, request.context);
      request.response = correlated(refusal(error, report, judge), report);
    },
  });
}

function refusal(error: unknown, report: Reporting, judge: Judge): HttpResponse {
  const problem = error instanceof HttpProblem ? error : serverProblem(error, report, judge);
  report.count('RequestsRefused');
  report.log.info('Request refused', { problem: problem.kind, errors: problem.errors });
  return problemResponse(problem, report.correlationId);
}

function correlated(response: HttpResponse, { correlationId }: Reporting): HttpResponse {
  return { ...response, headers: { ...response.headers, [CORRELATION_HEADER]: correlationId } };
}

/** The caller's correlation id, if it has the form of one, or else API Gateway's request id. */
function reportingOn(event: APIGatewayProxyEventV2, { awsRequestId }: Context): Reporting {
  const candidates = [header(event, CORRELATION_HEADER), event.requestContext.requestId];
  return reporting(
    candidates.find((id) => correlationIdSchema.safeParse(id).success) ?? awsRequestId,
  );
}

function serverProblem(error: unknown, { log, count }: Reporting, judge: Judge): HttpProblem {
  const kind = judge(error);
  log.error('Request failed', { kind, error });
  if (kind === 'permanent') {
    count('PermanentFailures');
    return new HttpProblem('internal-error', 'The failure has been recorded');
  }
  count('TransientFailures');
  return new HttpProblem('try-again-later', `Try again in ${RETRY_AFTER_SECONDS} seconds`, {
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  });
}
