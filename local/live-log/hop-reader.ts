import type { Activity, Recorded } from '../activity/activity.ts';
import { nameOfCaller, type Caller } from '../endpoint/caller.ts';
import { LastErrors, QUEUE_SOURCE } from './last-errors.ts';
import { logRecord } from './log-record.ts';
import { messageStep } from './message-step.ts';
import { httpAnswer, runtimeStep } from './runtime-step.ts';
import type { ShortNames } from './short-names.ts';
import type { Hop, Step } from './step.ts';

/**
 * Reads hops out of the activity stream. It remembers what invoked each function, because a
 * completed invocation does not repeat it.
 */
export class HopReader {
  readonly #names: ShortNames;
  readonly #invoked = new Map<string, { source: string; subjects: string[] }>();
  /** What each execution environment works on; it handles one event at a time. */
  readonly #subjectsByEnvironment = new Map<string, string[]>();
  /** Completed invocations of a queue's batch, whose answer is still to be read. */
  readonly #unanswered = new Map<string, Step[]>();
  readonly #lastErrors = new LastErrors();

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
        this.#invoked.set(activity.requestId, activity);
        this.#subjectsByEnvironment.set(activity.environmentId, activity.subjects);
        return undefined;
      case 'function-completed':
      case 'function-failed':
        return this.#invocation(activity);
      case 'http-answered':
        return httpAnswer(activity, this.#names);
      case 'messages-received':
      case 'message-deleted':
        return undefined;
      case 'function-logged':
        this.#logged(activity);
        return undefined;
      case 'item-written':
      case 'email-sent':
        return this.#effect(activity);
      case 'batch-answered':
        return this.#batchAnswer(activity);
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
        return messageStep(activity, this.#names);
      case 'message-dead-lettered': {
        const step = messageStep(activity, this.#names);
        const error = this.#lastErrors.of(activity.from, activity.subject);
        return error === undefined ? step : { ...step, note: `${step.note}, last: ${error}` };
      }
      default:
        return activity satisfies never;
    }
  }

  #invocation(
    activity: Extract<Activity, { type: 'function-completed' | 'function-failed' }>,
  ): Step | undefined {
    const source = this.#invoked.get(activity.requestId)?.source ?? 'client';
    this.#invoked.delete(activity.requestId);
    // The route's answer tells the same.
    if (source.startsWith('HTTP ') && activity.type === 'function-completed') return undefined;
    const step = {
      subjects: activity.subjects,
      from: this.#names.source(source),
      to: this.#names.resource(activity.functionName),
      durationMs: activity.durationMs,
    };
    if (activity.type === 'function-failed') {
      const note = `${activity.errorType}: ${activity.errorMessage}`;
      this.#lastErrors.add(source, activity.subjects, note);
      return { ...step, verdict: 'failed', tone: 'failure', note };
    }
    const handled: Step = { ...step, verdict: 'handled', tone: 'good' };
    if (!source.startsWith(QUEUE_SOURCE)) return handled;
    const key = `${activity.functionName} ${source.slice(QUEUE_SOURCE.length)}`;
    this.#unanswered.set(key, [...(this.#unanswered.get(key) ?? []), handled]);
    return undefined;
  }

  /** What became of a batch is known when its answer has been read, and told in one line. */
  #batchAnswer(activity: Extract<Activity, { type: 'batch-answered' }>): Step | undefined {
    const key = `${activity.functionName} ${activity.queue}`;
    const [handled, ...others] = this.#unanswered.get(key) ?? [];
    if (others.length === 0) this.#unanswered.delete(key);
    else this.#unanswered.set(key, others);
    // A failed invocation has had its line.
    const gaveBack =
      handled === undefined && activity.failedMessageIds.length === activity.size
        ? undefined
        : runtimeStep(activity, this.#names);
    if (handled === undefined) return gaveBack;
    return gaveBack === undefined
      ? handled
      : { ...handled, ...gaveBack, subjects: handled.subjects };
  }

  /** An error that a function logs is why it gives a message back. */
  #logged(activity: Extract<Activity, { type: 'function-logged' }>): void {
    const invoked = this.#invoked.get(activity.requestId ?? '');
    const record = invoked && logRecord(activity.line.trimEnd());
    if (!invoked || !record?.error || record.severity === 'other') return;
    const { name, message, place } = record.error;
    const where = place === undefined ? '' : ` (${place})`;
    this.#lastErrors.add(invoked.source, invoked.subjects, `${name}: ${message}${where}`);
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
