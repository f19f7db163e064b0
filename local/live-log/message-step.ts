import type { Activity } from '../activity/activity.ts';
import { nameOfCaller } from '../endpoint/caller.ts';
import type { Step, Tone } from './step.ts';
import type { ShortNames } from './short-names.ts';

/** Activities of a message on its way. */
export type MessageActivity = Extract<
  Activity,
  {
    type:
      | 'message-sent'
      | 'message-published'
      | 'message-delivered'
      | 'message-filtered-out'
      | 'delivery-failed'
      | 'message-returned'
      | 'message-dead-lettered';
  }
>;

/** What a message did. */
export function messageStep(activity: MessageActivity, names: ShortNames): Step {
  const name = (text: string): string => names.resource(text);
  const subjects = activity.subject === undefined ? [] : [activity.subject];
  switch (activity.type) {
    case 'message-sent':
      return {
        subjects,
        from: name(nameOfCaller(activity.caller)),
        to: name(activity.queue),
        ...acceptance('sent', activity.duplicate),
      };
    case 'message-published':
      return {
        subjects,
        from: name(nameOfCaller(activity.caller)),
        to: name(activity.topic),
        ...acceptance('published', activity.duplicate),
      };
    case 'message-delivered':
      return { subjects, ...delivery(activity, names), verdict: 'delivered', tone: 'plain' };
    case 'message-filtered-out':
      return { subjects, ...delivery(activity, names), verdict: 'filtered out', tone: 'quiet' };
    case 'delivery-failed':
      return {
        subjects,
        ...delivery(activity, names),
        verdict: activity.final ? 'undeliverable' : 'not delivered',
        tone: activity.final ? 'failure' : 'trouble',
        note: `attempt ${activity.attempt}: ${activity.reason}`,
      };
    case 'message-returned':
      return {
        subjects,
        from: name(activity.queue),
        to: name(activity.queue),
        verdict: 'back in queue',
        tone: 'trouble',
        note: `received ${activity.receiveCount} times`,
      };
    case 'message-dead-lettered':
      return {
        subjects,
        from: name(activity.from),
        to: name(activity.deadLetterQueue),
        verdict: 'dead letter',
        tone: 'failure',
        note: activity.reason,
      };
    default:
      return activity satisfies never;
  }
}

function delivery(
  activity: { topic: string; endpoint: string },
  names: ShortNames,
): { from: string; to: string } {
  return { from: names.resource(activity.topic), to: names.resource(activity.endpoint) };
}

const acceptance = (verdict: string, duplicate: boolean): { verdict: string; tone: Tone } =>
  duplicate ? { verdict: 'duplicate', tone: 'quiet' } : { verdict, tone: 'plain' };
