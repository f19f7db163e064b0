import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

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
  | 'PrecautionsFailed'
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

const MASK = '***';

/** Fields that say who someone is or where they live, wherever in a logged object they are. */
const PERSONAL_FIELDS: ReadonlySet<string> = new Set([
  'address',
  'body',
  'claims',
  'city',
  'customer',
  'email',
  'emailAddress',
  'line1',
  'line2',
  'postalCode',
  'toAddresses',
  'ToAddresses',
]);

/** Also finds addresses inside of text, as in the message of an error from the mail service. */
const EMAIL_ADDRESS = /[^\s@<>"'(),:;]+@[^\s@<>"'(),:;]+/g;

/**
 * A replacer for JSON.stringify that every log line goes through. Handlers log ids only; this is
 * the net beneath them. Of a customer the id remains.
 */
export function maskPersonalData(key: string, value: unknown): unknown {
  if (value instanceof Error) return value;
  if (key === 'customer' && typeof value === 'object' && value !== null && 'id' in value) {
    return { id: value.id };
  }
  if (PERSONAL_FIELDS.has(key) && value !== undefined) return MASK;
  return typeof value === 'string' ? value.replace(EMAIL_ADDRESS, MASK) : value;
}
