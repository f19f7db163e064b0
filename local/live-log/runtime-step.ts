import type { Activity } from '../activity/activity.ts';
import type { Step, Tone } from './step.ts';
import type { ShortNames } from './short-names.ts';

/** Activities of the runtime around the functions. */
export type RuntimeActivity = Extract<
  Activity,
  {
    type:
      'batch-answered' | 'invocation-retried' | 'messages-moved' | 'code-reloaded' | 'fault-struck';
  }
>;

/** What the runtime did on its own account. */
export function runtimeStep(activity: RuntimeActivity, names: ShortNames): Step | undefined {
  const name = (text: string): string => names.resource(text);
  switch (activity.type) {
    case 'batch-answered': {
      const failed = activity.failedMessageIds.length;
      if (failed === 0) return undefined;
      return {
        subjects: [],
        from: name(activity.functionName),
        to: name(activity.queue),
        verdict: 'gave back',
        tone: 'trouble',
        note: `${failed} of ${activity.size} messages`,
      };
    }
    case 'invocation-retried':
      return {
        subjects: [],
        from: name(activity.functionName),
        to: name(activity.functionName),
        verdict: 'retries',
        tone: 'trouble',
        note: `attempt ${activity.attempt} in ${activity.delayMs} ms`,
      };
    case 'messages-moved':
      return {
        subjects: [],
        from: name(activity.from),
        to: activity.to === undefined ? 'source queues' : name(activity.to),
        verdict: 'redriven',
        tone: 'good',
        note: `${activity.count} messages, ${activity.status}`,
      };
    case 'code-reloaded':
      return {
        subjects: [],
        from: 'source code',
        to: activity.functionNames.map(name).join(', '),
        verdict: 'reloaded',
        tone: 'good',
      };
    case 'fault-struck':
      return {
        subjects: activity.subject === undefined ? [] : [activity.subject],
        from: `fault ${activity.fault}`,
        to: name(activity.functionName ?? activity.queue ?? 'client'),
        verdict: 'struck',
        tone: 'trouble',
        note: activity.what,
      };
    default:
      return activity satisfies never;
  }
}

/** An answer of the HTTP API. */
export function httpAnswer(
  activity: Extract<Activity, { type: 'http-answered' }>,
  names: ShortNames,
): Step {
  const { method, path, functionName, status, durationMs } = activity;
  const tone: Tone = status >= 500 ? 'failure' : status >= 400 ? 'trouble' : 'good';
  return {
    subjects: path.split('/').filter((segment) => segment.length > LONGEST_WORD),
    from: `${method} ${path
      .split('/')
      .map((segment) => (segment.length > LONGEST_WORD ? names.subject(segment) : segment))
      .join('/')}`,
    to: functionName === undefined ? 'no route' : names.resource(functionName),
    verdict: String(status),
    tone,
    durationMs,
  };
}

/** A longer segment of a path is an id. */
const LONGEST_WORD = 20;
