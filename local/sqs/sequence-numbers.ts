const PER_MILLISECOND = 1_000;

/**
 * The sequence numbers of a FIFO queue: 20 digits, ever growing, also over restarts, as they follow
 * the clock.
 */
export class SequenceNumbers {
  #last: number;

  /** @param used numbers that were given out earlier */
  constructor(used: (string | undefined)[]) {
    this.#last = Math.max(0, ...used.map((number) => Number(number?.slice(1) ?? 0)));
  }

  next(now: number): string {
    this.#last = Math.max(this.#last + 1, now * PER_MILLISECOND);
    return `1${String(this.#last).padStart(19, '0')}`;
  }
}
