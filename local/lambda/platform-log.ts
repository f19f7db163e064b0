import type { Outcome } from './execution-environment.ts';

/**
 * The log of one invocation: the function's lines between the ones that Lambda itself writes.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
 */
export function invocationLog(requestId: string, memoryMb: number, outcome: Outcome): string[] {
  const { durationMs, initDurationMs, heapBytes } = outcome;
  const report = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initDurationMs ?? 0))} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${Math.ceil(heapBytes / 1024 / 1024)} MB`,
    ...(initDurationMs === undefined ? [] : [`Init Duration: ${initDurationMs.toFixed(2)} ms`]),
  ].join('\t');
  const failure =
    outcome.status === 'failed' && /^(Sandbox|Runtime)\./.test(outcome.error.errorType)
      ? [outcome.error.errorMessage]
      : [];
  return [
    `START RequestId: ${requestId} Version: $LATEST`,
    ...outcome.lines,
    ...failure,
    `END RequestId: ${requestId}`,
    report,
  ];
}
