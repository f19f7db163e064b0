import type { Clock } from '../clock.ts';
import type { Activity, Recorded } from './activity.ts';

type Kind = Activity['type'];
type OfKind<K extends Kind> = Recorded<Extract<Activity, { type: K }>>;

/** The wait for an activity outlived its limit. */
export class ActivityTimeoutError extends Error {
  override readonly name = 'ActivityTimeoutError';
}

/**
 * The one stream on which the local system tells what happens in it. The live log prints it, the
 * browser draws it, tests wait on it.
 */
export class ActivityStream {
  readonly #clock: Clock;
  readonly #listeners = new Set<(activity: Recorded) => void>();
  readonly #history: Recorded[] = [];
  readonly #historyLimit: number;
  #sequence = 0;

  /** @param historyLimit how many activities are kept for listeners that come late */
  constructor(clock: Clock, historyLimit = 10_000) {
    this.#clock = clock;
    this.#historyLimit = historyLimit;
  }

  record(activity: Activity): void {
    const recorded: Recorded = { ...activity, sequence: ++this.#sequence, at: this.#clock.now() };
    this.#history.push(recorded);
    // Trimmed rarely, so that recording stays cheap.
    if (this.#history.length > 2 * this.#historyLimit) {
      this.#history.splice(0, this.#history.length - this.#historyLimit);
    }
    for (const listener of this.#listeners) listener(recorded);
  }

  /** Calls `listener` for every later activity; the returned function ends that. */
  subscribe(listener: (activity: Recorded) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The kept activities after `sequence`, oldest first. */
  since(sequence = 0): Recorded[] {
    return this.#history.filter((activity) => activity.sequence > sequence);
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
