import type { Template } from 'template-runtime/template';
import { eventSourcesOf, queuesOf, targetOf } from '../model.ts';

/**
 * What Lambda refuses about an SQS event source, and partial batch responses on every one.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export function eventSources(template: Template): string[] {
  const queues = queuesOf(template);
  return eventSourcesOf(template).flatMap(({ id, properties: source }) => {
    const queue = queues.find((each) => each.id === targetOf(source.EventSourceArn));
    if (!queue) return [`${id}: its queue is not in the template`];
    const window = source.MaximumBatchingWindowInSeconds;
    const concurrency = source.ScalingConfig?.MaximumConcurrency;
    const findings: string[] = [];
    if (queue.properties.FifoQueue) {
      if (source.BatchSize > 10) findings.push(`${id}: over 10 messages from a FIFO queue`);
      if (window > 0) findings.push(`${id}: a batching window on a FIFO queue`);
    } else {
      if (source.BatchSize > 10_000) findings.push(`${id}: over 10,000 messages`);
      if (source.BatchSize > 10 && window < 1) {
        findings.push(`${id}: over 10 messages without a batching window`);
      }
    }
    if (window > 300) findings.push(`${id}: a window over 300 s`);
    if (concurrency === undefined) findings.push(`${id}: takes all the concurrency that is there`);
    else if (concurrency < 2 || concurrency > 1000) {
      findings.push(`${id}: a concurrency outside 2 to 1000`);
    }
    if (!source.FunctionResponseTypes.includes('ReportBatchItemFailures')) {
      findings.push(`${id}: one bad message would fail the whole batch`);
    }
    return findings;
  });
}

/** What a new account has, for all functions: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const CONCURRENCY_OF_A_NEW_ACCOUNT = 10;

/** Together the queues take no more concurrency than a new account has, so none of them is throttled. */
export function sharedConcurrency(template: Template): string[] {
  const together = eventSourcesOf(template)
    .map(({ properties }) => properties.ScalingConfig?.MaximumConcurrency ?? Infinity)
    .reduce((sum, each) => sum + each, 0);
  return together <= CONCURRENCY_OF_A_NEW_ACCOUNT
    ? []
    : [`the queues take ${together} of the ${CONCURRENCY_OF_A_NEW_ACCOUNT} that an account has`];
}
