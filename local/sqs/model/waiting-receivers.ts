import type { Clock } from '../../context/clock.ts';
import type { ReceivedMessage } from '../queue.ts';

interface Waiting {
  /** Takes what there is now; an empty list leaves the receiver waiting. */
  readonly take: () => ReceivedMessage[];
  readonly finish: (messages: ReceivedMessage[]) => void;
}

/** The long polls of one queue: first come, first served. */
export class WaitingReceivers {
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();
  #serving = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves with what `take` finds once the queue has something, or with nothing after `waitMs` or
   * when `signal` aborts. Messages are taken at the moment they are resolved with, so that none is
   * taken for a receiver that has left.
   */
  wait(
    take: () => ReceivedMessage[],
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<ReceivedMessage[]> {
    if (signal?.aborted) return Promise.resolve([]);
    return new Promise((resolve) => {
      const leave = (): void => waiting.finish([]);
      const waiting: Waiting = {
        take,
        finish: (messages) => {
          this.#waiting.delete(waiting);
          cancelTimer();
          signal?.removeEventListener('abort', leave);
          resolve(messages);
        },
      };
      const cancelTimer = this.#clock.schedule(waitMs, leave);
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.add(waiting);
    });
  }

  /**
   * Serves the waiting receivers at the end of the current task, so that the messages of one batch
   * reach one receiver together.
   */
  serveSoon(): void {
    if (this.#serving || this.#waiting.size === 0) return;
    this.#serving = true;
    queueMicrotask(() => {
      this.#serving = false;
      for (const waiting of this.#waiting) {
        const messages = waiting.take();
        if (messages.length === 0) return;
        waiting.finish(messages);
      }
    });
  }

  /** Ends every wait with nothing. */
  close(): void {
    for (const waiting of this.#waiting) waiting.finish([]);
  }
}
