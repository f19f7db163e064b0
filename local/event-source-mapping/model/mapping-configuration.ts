import { constraint, refused } from '../errors.ts';
import type { FunctionLimits } from '../../lambda/model/function-invoker.ts';
import type { Queue } from '../../sqs/queue.ts';

/** An event source mapping as its template resource describes it. */
export interface EventSourceMappingConfiguration {
  functionName: string;
  /** ARN of the queue. */
  eventSourceArn: string;
  /** 1–10; up to 10,000 on a standard queue with a window. 10 unless set. */
  batchSize?: number | undefined;
  /** 0–300; 0 unless set, and on a FIFO queue always. */
  maximumBatchingWindowInSeconds?: number | undefined;
  enabled?: boolean | undefined;
  functionResponseTypes?: readonly string[] | undefined;
  scalingConfig?: { maximumConcurrency?: number | undefined } | undefined;
  filterCriteria?: { filters: readonly { pattern: string }[] } | undefined;
}

/** A configuration with every default in its place. */
export interface MappingSettings {
  functionName: string;
  eventSourceArn: string;
  batchSize: number;
  windowSeconds: number;
  enabled: boolean;
  reportsItemFailures: boolean;
  maximumConcurrency: number | undefined;
  filterPatterns: readonly string[];
}

const REPORT_ITEM_FAILURES = 'ReportBatchItemFailures';
const LARGEST_BATCH = 10_000;
const LARGEST_BATCH_WITHOUT_WINDOW = 10;
const LONGEST_WINDOW_SECONDS = 300;
const MOST_FILTERS = 10;

/**
 * Checks a configuration as CreateEventSourceMapping does.
 *
 * @throws AwsError InvalidParameterValueException
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export function settingsOf(
  configuration: EventSourceMappingConfiguration,
  queue: Queue,
  limits: FunctionLimits,
): MappingSettings {
  const batchSize = configuration.batchSize ?? 10;
  const windowSeconds = configuration.maximumBatchingWindowInSeconds ?? 0;
  const maximumConcurrency = configuration.scalingConfig?.maximumConcurrency;
  const responseTypes = configuration.functionResponseTypes ?? [];
  const filterPatterns = (configuration.filterCriteria?.filters ?? []).map(
    ({ pattern }) => pattern,
  );
  requireWithin('batchSize', batchSize, 1, LARGEST_BATCH);
  requireWithin('maximumBatchingWindowInSeconds', windowSeconds, 0, LONGEST_WINDOW_SECONDS);
  if (maximumConcurrency !== undefined) {
    requireWithin('scalingConfig.maximumConcurrency', maximumConcurrency, 2, 1000);
  }
  requireBatchFits(queue, batchSize, windowSeconds);
  for (const type of responseTypes) {
    if (type !== REPORT_ITEM_FAILURES) {
      throw constraint('functionResponseTypes', type, `enum value set: [${REPORT_ITEM_FAILURES}]`);
    }
  }
  if (filterPatterns.length > MOST_FILTERS) {
    throw constraint(
      'filterCriteria.filters',
      filterPatterns.length,
      `length less than or equal to ${MOST_FILTERS}`,
    );
  }
  if (queue.visibilityTimeoutSeconds < limits.timeoutSeconds) {
    throw refused(
      `Queue visibility timeout: ${queue.visibilityTimeoutSeconds} seconds is less than Function timeout: ${limits.timeoutSeconds} seconds`,
    );
  }
  return {
    functionName: configuration.functionName,
    eventSourceArn: configuration.eventSourceArn,
    batchSize,
    windowSeconds,
    enabled: configuration.enabled ?? true,
    reportsItemFailures: responseTypes.includes(REPORT_ITEM_FAILURES),
    maximumConcurrency,
    filterPatterns,
  };
}

function requireBatchFits(queue: Queue, batchSize: number, windowSeconds: number): void {
  if (queue.fifo) {
    if (windowSeconds > 0) throw refused('Batching window is not supported for FIFO queues');
    if (batchSize > LARGEST_BATCH_WITHOUT_WINDOW) {
      throw refused(
        `Maximum batch size for FIFO queues is ${LARGEST_BATCH_WITHOUT_WINDOW}; ${batchSize} is too large`,
      );
    }
  } else if (batchSize > LARGEST_BATCH_WITHOUT_WINDOW && windowSeconds === 0) {
    throw refused(
      `Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than ${LARGEST_BATCH_WITHOUT_WINDOW}`,
    );
  }
}

function requireWithin(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw constraint(name, value, `value greater than or equal to ${least}`);
  }
  if (value > most) throw constraint(name, value, `value less than or equal to ${most}`);
}
