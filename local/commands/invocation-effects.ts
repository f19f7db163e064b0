import type { Activity, Recorded } from '../activity/activity.ts';

/** What one invocation did to the system around it. */
export interface InvocationEffects {
  coldStart: boolean;
  durationMs: number;
  logs: string[];
  sent: Extract<Activity, { type: 'message-sent' }>[];
  published: Extract<Activity, { type: 'message-published' }>[];
  written: Extract<Activity, { type: 'item-written' }>[];
  mailed: Extract<Activity, { type: 'email-sent' }>[];
}

/**
 * Picks one invocation's effects out of everything that happened. An execution environment handles
 * one event at a time, so what it did between the invocation's start and end belongs to it.
 *
 * @param activities in order; from before the start of the invocation to after its end
 */
export function invocationEffects(
  activities: readonly Recorded[],
  requestId: string,
): InvocationEffects {
  const effects: InvocationEffects = {
    coldStart: false,
    durationMs: 0,
    logs: [],
    sent: [],
    published: [],
    written: [],
    mailed: [],
  };
  let environmentId: string | undefined;
  for (const activity of activities) {
    if (activity.type === 'function-logged') {
      if (activity.requestId === requestId) effects.logs.push(activity.line);
    } else if (activity.type === 'function-invoked') {
      if (activity.requestId !== requestId) continue;
      environmentId = activity.environmentId;
      effects.coldStart = activity.coldStart;
    } else if (isEnd(activity)) {
      if (activity.requestId !== requestId) continue;
      effects.durationMs = activity.durationMs;
      environmentId = undefined;
    } else if (
      'caller' in activity &&
      activity.caller.kind === 'function' &&
      activity.caller.environmentId === environmentId
    ) {
      addEffect(effects, activity);
    }
  }
  return effects;
}

/** True for the activity that ends an invocation. */
export const isEnd = (
  activity: Activity,
): activity is Extract<Activity, { type: 'function-completed' | 'function-failed' }> =>
  activity.type === 'function-completed' || activity.type === 'function-failed';

function addEffect(
  effects: InvocationEffects,
  activity: Extract<Activity, { caller: unknown }>,
): void {
  switch (activity.type) {
    case 'message-sent':
      effects.sent.push(activity);
      break;
    case 'message-published':
      effects.published.push(activity);
      break;
    case 'item-written':
      effects.written.push(activity);
      break;
    case 'email-sent':
      effects.mailed.push(activity);
      break;
    default:
      activity satisfies never;
  }
}
