import type { Clock } from '../context/clock.ts';
import type { Activity, Recorded } from './activity.ts';

type Kind = Activity['type'];
type OfKind<K extends Kind> = Recorded<Extract<Activity, { type: K }>>;

/** The wait for an activity outlived its limit. */
export class ActivityTimeoutError extends Error {
  override readonly name = 'ActivityTimeoutError';
}

export interface HistoryLimits {
  /** How many activities are kept at least, unless they are larger than `bytes`. */
  count: number;
  /** How large the kept activities may be together. */
  bytes: number;
}

/** What an activity takes besides its texts. */
const BASE_BYTES = 400;
/** Longer bodies are cut in the history: ids are what late listeners look for. */
const KEPT_BODY_LENGTH = 64 * 1024;
const CUT_BODY_LENGTH = 200;

/**
 * The one stream on which the local system tells what happens in it. The live log prints it, the
 * browser draws it, tests wait on it. Listeners get whole activities; the history that is kept for
 * those who come late is bounded by count and by bytes.
 */
export class ActivityStream {
  readonly #clock: Clock;
  readonly #listeners = new Set<(activity: Recorded) => void>();
  readonly #history: Recorded[] = [];
  readonly #limits: HistoryLimits;
  #historyBytes = 0;
  #sequence = 0;

  constructor(clock: Clock, limits: HistoryLimits = { count: 10_000, bytes: 32 * 1024 * 1024 }) {
    this.#clock = clock;
    this.#limits = limits;
  }

  record(activity: Activity): void {
    const recorded: Recorded = { ...activity, sequence: ++this.#sequence, at: this.#clock.now() };
    const kept = withoutLongBody(recorded);
    this.#history.push(kept);
    this.#historyBytes += bytesOf(kept);
    this.#trim();
    for (const listener of this.#listeners) listener(recorded);
  }

  /** Calls `listener` for every later activity; the returned function ends that. */
  subscribe(listener: (activity: Recorded) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The kept activities after `sequence`, oldest first. */
  since(sequence = 0): Recorded[] {
    return this.#history.slice(this.#placeAfter(sequence));
  }

  /** Up to `count` kept activities after `sequence`; undefined when some of them are kept no more. */
  next(sequence: number, count: number): Recorded[] | undefined {
    const place = sequence + 1 - this.firstSequence;
    return place < 0 ? undefined : this.#history.slice(place, place + count);
  }

  /** The sequence number of the oldest activity that is kept. */
  get firstSequence(): number {
    return this.#sequence - this.#history.length + 1;
  }

  /** The sequence number of the latest activity; 0 before the first. */
  get lastSequence(): number {
    return this.#sequence;
  }

  /** Sequence numbers have no gaps, so an activity's place follows from its number. */
  #placeAfter(sequence: number): number {
    return Math.max(0, sequence + 1 - this.firstSequence);
  }

  /** Rarely, and then much at once, so that recording stays cheap. */
  #trim(): void {
    const { count, bytes } = this.#limits;
    const tooMany = this.#history.length > 2 * count;
    const tooLarge = this.#historyBytes > bytes;
    if (!tooMany && !tooLarge) return;
    let removed = 0;
    let left = this.#historyBytes;
    for (const activity of this.#history) {
      if (this.#history.length - removed <= count && left <= bytes / 2) break;
      left -= bytesOf(activity);
      removed += 1;
    }
    this.#history.splice(0, removed);
    this.#historyBytes = left;
  }

  /**
   * Resolves with the first activity of `type` that satisfies `accept`, be it already recorded or
   * yet to come.
   *
   * @throws ActivityTimeoutError when none came within `timeoutMs`
   */
  waitFor<K extends Kind>(
    type: K,
    accept: (activity: OfKind<K>) => boolean = () => true,
    { timeoutMs = 10_000, after = 0 }: { timeoutMs?: number; after?: number } = {},
  ): Promise<OfKind<K>> {
    const matches = (activity: Recorded): activity is OfKind<K> =>
      activity.type === type && activity.sequence > after && accept(activity as OfKind<K>);
    const found = this.#history.find(matches);
    if (found) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop();
        reject(new ActivityTimeoutError(`No ${type} activity came within ${timeoutMs} ms`));
      }, timeoutMs);
      const stop = this.subscribe((activity) => {
        if (!matches(activity)) return;
        clearTimeout(timer);
        stop();
        resolve(activity);
      });
    });
  }
}

/** Roughly what an activity takes in memory: most of it is text. */
function bytesOf(activity: Recorded): number {
  let bytes = BASE_BYTES;
  for (const value of Object.values<unknown>({ ...activity })) {
    if (typeof value === 'string') bytes += value.length;
    else if (Array.isArray(value)) bytes += 50 * value.length;
  }
  return bytes;
}

function withoutLongBody(activity: Recorded): Recorded {
  if (!('body' in activity) || activity.body.length <= KEPT_BODY_LENGTH) return activity;
  const beginning = activity.body.slice(0, CUT_BODY_LENGTH);
  // Built anew: a slice would keep the whole body in memory.
  const copy = Buffer.from(`${beginning}… (${activity.body.length} characters)`).toString();
  return { ...activity, body: copy };
}
