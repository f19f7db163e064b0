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

/** Writes log lines that all carry the identifiers of one request or message. */
export interface Log {
  info(message: string, details?: LogDetails): void;
  warn(message: string, details?: LogDetails): void;
  error(message: string, details?: LogDetails): void;
}

type LogDetails = Readonly<Record<string, unknown>>;

/** What the work on one request or one message is given to report with. */
export interface Reporting {
  readonly log: Log;
  readonly count: typeof count;
  readonly correlationId: string;
}

/**
 * A log of its own for one request or message: its identifiers go along with each line instead of
 * being appended to the logger, so nothing leaks into the next one's.
 */
export function reporting(
  correlationId: string,
  identifiers: Readonly<Record<string, string>> = {},
): Reporting {
  const about = { correlationId, ...identifiers };
  const log: Log = {
    info: (message, details) => logger.info(message, { ...about, ...details }),
    warn: (message, details) => logger.warn(message, { ...about, ...details }),
    error: (message, details) => logger.error(message, { ...about, ...details }),
  };
  return { log, count, correlationId };
}
