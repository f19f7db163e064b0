import type { Clock } from '../../context/clock.ts';

/** Lambda starts with five pollers and adds up to 300 a minute while there is a backlog. */
const FIRST_POLLERS = 5;
const ADDED_POLLERS = 5;
const SCALING_INTERVAL_MS = 1_000;

/**
 * How many batches of a mapping may run at a time: five at first, five more for every second in
 * which all are taken, as far as `limit`; five again when the queue runs dry.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export class PollerConcurrency {
  readonly #clock: Clock;
  readonly #limit: number;
  #allowed: number;
  #taken = 0;
  #wake: (() => void) | undefined;

  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
    this.#allowed = Math.min(FIRST_POLLERS, limit);
  }

  /** Resolves when another batch may run, or when `signal` aborts. There is one waiting caller. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.#taken >= this.#allowed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.schedule(SCALING_INTERVAL_MS, () => {
          this.#allowed = Math.min(this.#allowed + ADDED_POLLERS, this.#limit);
          wake();
        });
        const wake = (): void => {
          cancel();
          signal.removeEventListener('abort', wake);
          this.#wake = undefined;
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener('abort', wake);
      });
    }
  }

  take(): void {
    this.#taken++;
  }

  leave(): void {
    this.#taken--;
    this.#wake?.();
  }

  ranDry(): void {
    this.#allowed = Math.min(FIRST_POLLERS, this.#limit);
  }
}
