import type { Activity, Recorded } from '../activity/activity.ts';
import { nameOfCaller, type Caller } from '../endpoint/caller.ts';
import { messageStep } from './message-step.ts';
import { httpAnswer, runtimeStep } from './runtime-step.ts';
import type { ShortNames } from './short-names.ts';

/** One step of a message's way through the system, as a line of the live log tells it. */
export interface Hop {
  /** Milliseconds since the epoch. */
  at: number;
  /** What the step is about: order ids. */
  subjects: string[];
  from: string;
  to: string;
  verdict: string;
  tone: Tone;
  durationMs?: number;
  /** Why, in words. */
  note?: string;
}

/** A hop without its moment. */
export type Step = Omit<Hop, 'at'>;

/** `quiet` is bookkeeping, `trouble` is what a retry may heal, `failure` is what it did not. */
export type Tone = 'good' | 'plain' | 'quiet' | 'trouble' | 'failure';

/**
 * Reads hops out of the activity stream. It remembers what invoked each function, because a
 * completed invocation does not repeat it.
 */
export class HopReader {
  readonly #names: ShortNames;
  readonly #sourceByRequest = new Map<string, string>();
  /** What each execution environment works on; it handles one event at a time. */
  readonly #subjectsByEnvironment = new Map<string, string[]>();

  constructor(names: ShortNames) {
    this.#names = names;
  }

  /** @returns undefined for an activity that is no step of its own */
  read(activity: Recorded): Hop | undefined {
    const step = this.#step(activity);
    return step && { at: activity.at, ...step };
  }

  #step(activity: Activity): Step | undefined {
    switch (activity.type) {
      case 'function-invoked':
        this.#sourceByRequest.set(activity.requestId, activity.source);
        this.#subjectsByEnvironment.set(activity.environmentId, activity.subjects);
        return undefined;
      case 'function-completed':
      case 'function-failed':
        return this.#invocation(activity);
      case 'http-answered':
        return httpAnswer(activity, this.#names);
      case 'messages-received':
      case 'message-deleted':
      case 'function-logged':
        return undefined;
      case 'item-written':
      case 'email-sent':
        return this.#effect(activity);
      case 'batch-answered':
      case 'invocation-retried':
      case 'messages-moved':
      case 'code-reloaded':
      case 'fault-struck':
        return runtimeStep(activity, this.#names);
      case 'message-sent':
      case 'message-published':
      case 'message-delivered':
      case 'message-filtered-out':
      case 'delivery-failed':
      case 'message-returned':
      case 'message-dead-lettered':
        return messageStep(activity, this.#names);
      default:
        return activity satisfies never;
    }
  }

  #invocation(
    activity: Extract<Activity, { type: 'function-completed' | 'function-failed' }>,
  ): Step | undefined {
    const source = this.#sourceByRequest.get(activity.requestId) ?? 'client';
    this.#sourceByRequest.delete(activity.requestId);
    // The route's answer tells the same.
    if (source.startsWith('HTTP ') && activity.type === 'function-completed') return undefined;
    return {
      subjects: activity.subjects,
      from: this.#names.source(source),
      to: this.#names.resource(activity.functionName),
      durationMs: activity.durationMs,
      ...(activity.type === 'function-completed'
        ? { verdict: 'handled', tone: 'good' }
        : {
            verdict: 'failed',
            tone: 'failure',
            note: `${activity.errorType}: ${activity.errorMessage}`,
          }),
    };
  }

  #effect(activity: Extract<Activity, { type: 'item-written' | 'email-sent' }>): Step {
    const from = this.#names.resource(nameOfCaller(activity.caller));
    return activity.type === 'item-written'
      ? {
          subjects: this.#subjectsOf(activity.caller, activity.key ?? ''),
          from,
          to: this.#names.resource(activity.table),
          verdict: 'written',
          tone: 'quiet',
          note: activity.operation,
        }
      : {
          subjects: this.#subjectsOf(activity.caller, activity.subjectLine),
          from,
          to: activity.recipientCount === 1 ? 'mailbox' : `${activity.recipientCount} mailboxes`,
          verdict: 'mailed',
          tone: 'good',
          note: activity.subjectLine,
        };
  }

  /** Of what the caller works on, that which `text` names; all of it when `text` names nothing. */
  #subjectsOf(caller: Caller, text: string): string[] {
    if (caller.kind !== 'function') return [];
    const subjects = this.#subjectsByEnvironment.get(caller.environmentId) ?? [];
    const named = subjects.filter((subject) => text.includes(subject));
    return named.length > 0 ? named : subjects;
  }
}
