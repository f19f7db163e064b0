/**
 * Lets a few environments start at a time. Loading a bundle keeps a core busy, and on a small
 * machine an event is sooner served by an environment that comes free than by the tenth one that
 * starts beside nine others.
 */
export class StartGate {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #open = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async pass(start: () => Promise<void>): Promise<void> {
    if (this.#open >= this.#limit) {
      // The one that leaves hands over its place, so the count stays as it is.
      await new Promise<void>((enter) => this.#waiting.push(enter));
    } else {
      this.#open++;
    }
    try {
      await start();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#open--;
    }
  }
}
