import type { Template } from 'template-runtime/template';
import { eventSourcesOf, functionsOf, queuesOf, targetOf } from '../model.ts';

/** How long an outage of what stands behind a queue may last before messages become dead letters. */
export interface Endurance {
  queue: string;
  /** The function's name without the stage; undefined where somebody pulls. */
  reader: string | undefined;
  visibilityTimeout: number;
  receives: number;
  /** Seconds until the last receive: an outage that is over by then dead-letters nothing. */
  survives: number;
  /** Seconds from the first receive until a message that always fails is a dead letter. */
  gaveUpAfter: number;
  retention: number;
}

const OUTAGE_SECONDS = 300;

/** The arithmetic of every queue that has a dead-letter queue. Times in seconds. */
export function endurance(template: Template): Endurance[] {
  return queuesOf(template).flatMap(({ id, properties: queue }) => {
    if (!queue.RedrivePolicy) return [];
    const { maxReceiveCount: receives } = queue.RedrivePolicy;
    const source = eventSourcesOf(template).find(
      ({ properties }) => targetOf(properties.EventSourceArn) === id,
    );
    const reader = functionsOf(template).find(
      (each) => each.id === targetOf(source?.properties.FunctionName),
    );
    return [
      {
        queue: id,
        reader: reader?.properties.FunctionName.split('-').at(-1),
        visibilityTimeout: queue.VisibilityTimeout,
        receives,
        survives: (receives - 1) * queue.VisibilityTimeout,
        gaveUpAfter: receives * queue.VisibilityTimeout,
        retention: queue.MessageRetentionPeriod,
      },
    ];
  });
}

/**
 * An outage of five minutes dead-letters nothing, and a message is not forgotten by its queue before
 * its receives are used up.
 */
export function outages(template: Template): string[] {
  return endurance(template).flatMap(({ queue, survives, gaveUpAfter, retention }) => [
    ...(survives >= OUTAGE_SECONDS ? [] : [`${queue}: dead-letters in an outage of ${survives} s`]),
    ...(retention > gaveUpAfter ? [] : [`${queue}: forgets a message while it is still tried`]),
  ]);
}

/** The rows of the table in docs/operations.md. */
export function enduranceRows(template: Template): string[][] {
  return endurance(template).map((each) => [
    each.queue,
    each.reader ?? 'whoever pulls',
    `${each.visibilityTimeout} s`,
    String(each.receives),
    duration(each.survives),
    duration(each.gaveUpAfter),
    duration(each.retention),
  ]);
}

function duration(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} days`;
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
}
