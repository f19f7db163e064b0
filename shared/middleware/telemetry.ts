import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';

import { maskPersonalData } from './mask-personal-data.ts';

/** What is counted, each with the service as its dimension. */
export type MetricName =
  | 'BatchItemFailures'
  | 'CancellationsRequested'
  | 'CommandsRefused'
  | 'EmailsAlreadySent'
  | 'EmailsSent'
  | 'OrdersAccepted'
  | 'OrdersAcceptedAgain'
  | 'OrdersCancelled'
  | 'OrdersRecorded'
  | 'OrdersShipped'
  | 'PermanentFailures'
  | 'RequestsRefused'
  | 'ShipmentsDispatched'
  | 'ShipmentsRecalled'
  | 'ShipmentsStopped'
  | 'TimelineEventsReceived'
  | 'TransientFailures'
  | 'VerdictApproved'
  | 'VerdictDeclined';

export const logger = new Logger({ jsonReplacerFn: maskPersonalData });
export const metrics = new Metrics();

export function count(metric: MetricName, times = 1): void {
  metrics.addMetric(metric, MetricUnit.Count, times);
}

/** What the work on one request or one message is given to report with. */
export interface Reporting {
  readonly log: Logger;
  readonly count: typeof count;
  readonly correlationId: string;
}

/** A logger of its own for one request or message, so that nothing leaks into the next one's. */
export function reporting(
  correlationId: string,
  identifiers: Readonly<Record<string, string>> = {},
): Reporting {
  const log = logger.createChild({ persistentKeys: { correlationId, ...identifiers } });
  return { log, count, correlationId };
}
