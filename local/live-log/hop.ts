import type { Activity, Recorded } from '../activity/activity.ts';
import { nameOfCaller, type Caller } from '../endpoint/caller.ts';
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

  #step(activity: Activity): Omit<Hop, 'at'> | undefined {
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
        return this.#runtimeStep(activity);
      case 'message-sent':
      case 'message-published':
      case 'message-delivered':
      case 'message-filtered-out':
      case 'delivery-failed':
      case 'message-returned':
      case 'message-dead-lettered':
        return this.#messageStep(activity);
      default:
        return activity satisfies never;
    }
  }

  #invocation(
    activity: Extract<Activity, { type: 'function-completed' | 'function-failed' }>,
  ): Omit<Hop, 'at'> | undefined {
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

  #messageStep(activity: MessageActivity): Omit<Hop, 'at'> {
    const name = (text: string): string => this.#names.resource(text);
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
        return { subjects, ...this.#delivery(activity), verdict: 'delivered', tone: 'plain' };
      case 'message-filtered-out':
        return { subjects, ...this.#delivery(activity), verdict: 'filtered out', tone: 'quiet' };
      case 'delivery-failed':
        return {
          subjects,
          ...this.#delivery(activity),
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

  #delivery(activity: { topic: string; endpoint: string }): { from: string; to: string } {
    return {
      from: this.#names.resource(activity.topic),
      to: this.#names.resource(activity.endpoint),
    };
  }

  #effect(activity: Extract<Activity, { type: 'item-written' | 'email-sent' }>): Omit<Hop, 'at'> {
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

  #runtimeStep(activity: RuntimeActivity): Omit<Hop, 'at'> | undefined {
    const name = (text: string): string => this.#names.resource(text);
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
      default:
        return activity satisfies never;
    }
  }
}

type MessageActivity = Extract<
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

type RuntimeActivity = Extract<
  Activity,
  { type: 'batch-answered' | 'invocation-retried' | 'messages-moved' | 'code-reloaded' }
>;

const acceptance = (verdict: string, duplicate: boolean): { verdict: string; tone: Tone } =>
  duplicate ? { verdict: 'duplicate', tone: 'quiet' } : { verdict, tone: 'plain' };

function httpAnswer(
  activity: Extract<Activity, { type: 'http-answered' }>,
  names: ShortNames,
): Omit<Hop, 'at'> {
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
