import {
  HopReader,
  type ActivityStream,
  type Hop,
  type Recorded,
  type ShortNames,
} from 'template-runtime/activity';

/** An order is at rest when nothing has happened to it for this long. */
const REST_MS = 120;
const LIMIT_MS = 10_000;

/** An order did not come to rest. */
export class RestlessOrderError extends Error {
  override readonly name = 'RestlessOrderError';
}

/** Watches everything that happens and tells it order by order. */
export class Journeys {
  readonly names: ShortNames;
  readonly #reader: HopReader;
  readonly #activity: ActivityStream;
  readonly #hops: Hop[] = [];
  readonly #stop: () => void;

  constructor(activity: ActivityStream, names: ShortNames) {
    this.names = names;
    this.#activity = activity;
    this.#reader = new HopReader(names);
    this.#stop = activity.subscribe((happened) => this.#take(happened));
  }

  /** The hops of one order so far, oldest first. */
  of(orderId: string): Hop[] {
    return this.#hops.filter((hop) => concerns(hop, orderId));
  }

  /**
   * Resolves when nothing more happens to the order.
   *
   * @throws RestlessOrderError after ten seconds
   */
  rest(orderId: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        stop();
        clearTimeout(limit);
        resolve();
      };
      let calm = setTimeout(finish, REST_MS);
      const stop = this.#activity.subscribe((happened) => {
        if (!JSON.stringify(happened).includes(orderId)) return;
        clearTimeout(calm);
        calm = setTimeout(finish, REST_MS);
      });
      const limit = setTimeout(() => {
        stop();
        clearTimeout(calm);
        reject(new RestlessOrderError(`Things still happen to ${orderId} after ${LIMIT_MS} ms`));
      }, LIMIT_MS);
    });
  }

  close(): void {
    this.#stop();
  }

  #take(happened: Recorded): void {
    const hop = this.#reader.read(happened);
    if (hop) this.#hops.push(hop);
  }
}

/** A written item and a mail name the order in their key and in their subject line. */
const concerns = (hop: Hop, orderId: string): boolean =>
  hop.subjects.some((subject) => subject.includes(orderId)) ||
  (hop.note?.includes(orderId) ?? false);
