import type { Recorded } from 'template-runtime/activity';
import { nameOfArn } from 'template-runtime/template';
import type { System } from 'template-runtime/system';

const VERDICTS = new Set(['Approved', 'Declined']);
const ENDS = new Set(['Shipped', 'Declined']);
const MAILED = new Set(['Cancelled', 'Declined', 'Shipped']);
const STILL_MS = 60_000;

/** Nothing has happened for a while, and yet the orders are not where they should be. */
export class OrdersStuckError extends Error {
  override readonly name = 'OrdersStuckError';
}

/** Notes when each order got its verdict and when it came to its end, and what follows from that. */
export class OrderOutcomes {
  /** Milliseconds since the epoch, by order id. */
  readonly verdictAt = new Map<string, number>();
  readonly endedAt = new Map<string, number>();
  /** What a published event leads to and has not led to yet. */
  readonly #owed = new Set<string>();
  readonly #done = new Set<string>();
  readonly #readQueues: ReadonlySet<string>;
  readonly #stop: () => void;
  #awaited: ReadonlySet<string> = new Set();
  #notEnded = new Set<string>();
  #running = 0;
  /** Messages in the queues that a function reads. */
  #waiting = 0;
  #lastActivityAt = performance.now();
  #onChange: () => void = () => undefined;

  /** @param system in which nothing happens yet */
  constructor(system: System) {
    this.#readQueues = new Set(
      system.eventSources.descriptions().map(({ EventSourceArn: arn }) => nameOfArn(arn)),
    );
    this.#stop = system.activity.subscribe((happened) => {
      this.#note(happened);
      this.#lastActivityAt = performance.now();
      this.#onChange();
    });
  }

  /**
   * Resolves when every one of the orders has come to its end.
   *
   * @throws OrdersStuckError
   */
  async allEnded(orderIds: readonly string[]): Promise<void> {
    this.#awaited = new Set(orderIds);
    this.#notEnded = new Set(orderIds.filter((orderId) => !this.endedAt.has(orderId)));
    await this.#until(
      () => this.#notEnded.size === 0,
      () => `${this.#notEnded.size} of ${this.#awaited.size} orders have not come to their end`,
    );
  }

  /**
   * Resolves when every event that was published stands in the timeline, every mail that it asks for
   * is sent and noted, every queue that a function reads is empty, and no function runs.
   *
   * @throws OrdersStuckError
   */
  async quiet(): Promise<void> {
    await this.#until(
      () => this.#owed.size === 0 && this.#waiting === 0 && this.#running === 0,
      () =>
        `${this.#owed.size} timeline entries and mails are missing, ${this.#waiting} messages wait, ${this.#running} functions run`,
    );
  }

  close(): void {
    this.#stop();
  }

  #note(happened: Recorded): void {
    const { type } = happened;
    if (type === 'function-invoked') {
      this.#running += 1;
    } else if (type === 'function-completed' || type === 'function-failed') {
      this.#running -= 1;
    } else if (type === 'message-sent') {
      if (!happened.duplicate && this.#readQueues.has(happened.queue)) this.#waiting += 1;
    } else if (type === 'message-delivered') {
      if (this.#readQueues.has(happened.endpoint)) this.#waiting += 1;
    } else if (type === 'message-deleted') {
      if (this.#readQueues.has(happened.queue)) this.#waiting -= 1;
    } else if (type === 'message-published') {
      const state = happened.attributes['State'];
      if (happened.subject !== undefined && state !== undefined) {
        this.#notePublished(happened.subject, state, happened);
      }
    } else if (type === 'item-written') {
      this.#noteWritten(happened);
    }
  }

  #notePublished(
    orderId: string,
    state: string,
    { topic, at }: { topic: string; at: number },
  ): void {
    if (VERDICTS.has(state)) setOnce(this.verdictAt, orderId, at);
    if (ENDS.has(state)) {
      setOnce(this.endedAt, orderId, at);
      this.#notEnded.delete(orderId);
    }
    if (topic.endsWith('.fifo')) return;
    this.#owe(`timeline ${orderId}:${state}`);
    if (MAILED.has(state)) this.#owe(`mail ${orderId}:${state}`);
  }

  /** The key of a mail is the event's id, that of a timeline entry ends with it. */
  #noteWritten({ table, key }: { table: string; key: string | undefined }): void {
    if (table.endsWith('-SentEmailsTable')) this.#did(`mail ${key}`);
    if (table.endsWith('-OrderTimelineTable')) this.#did(`timeline ${key?.split('/').at(-1)}`);
  }

  #owe(what: string): void {
    if (!this.#done.has(what)) this.#owed.add(what);
  }

  #did(what: string): void {
    this.#done.add(what);
    this.#owed.delete(what);
  }

  async #until(reached: () => boolean, missing: () => string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#onChange = () => {
      if (reached()) resolve();
    };
    const watch = setInterval(() => {
      if (performance.now() - this.#lastActivityAt > STILL_MS) {
        reject(new OrdersStuckError(`Nothing happened for ${STILL_MS / 1000} s; ${missing()}`));
      }
    }, STILL_MS / 10);
    try {
      this.#onChange();
      await promise;
    } finally {
      clearInterval(watch);
      this.#onChange = () => undefined;
    }
  }
}

/** An event may be published twice; the first time counts. */
function setOnce(moments: Map<string, number>, orderId: string, at: number): void {
  if (!moments.has(orderId)) moments.set(orderId, at);
}
