import type { Clock } from '../context/clock.ts';

interface Appointment {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
}

/** A clock that a test moves by hand: nothing scheduled on it runs until `advance` reaches it. */
export class ManualClock implements Clock {
  #now: number;
  /** How far the wall clock is behind what it would show had nobody set it. */
  #behind = 0;
  #order = 0;
  readonly #appointments = new Set<Appointment>();

  /** @param start milliseconds since the epoch */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now - this.#behind;
  }

  monotonic(): number {
    return this.#now;
  }

  /** Sets the wall clock back, as a user would; what is scheduled stays. */
  setBack(ms: number): void {
    this.#behind += ms;
  }

  schedule(delayMs: number, task: () => void): () => void {
    const at = this.#now + Math.max(0, delayMs);
    const appointment: Appointment = { at, order: ++this.#order, task };
    this.#appointments.add(appointment);
    return () => this.#appointments.delete(appointment);
  }

  /** How many scheduled tasks have neither run nor been cancelled. */
  get pending(): number {
    return this.#appointments.size;
  }

  /**
   * Moves time forward by `ms`, running each task that falls due at its own time, in order, also
   * those that a task schedules within the span. Promises that the tasks settle go on only after
   * the caller awaits something.
   */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#appointments.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.task();
    }
    this.#now = end;
  }

  /**
   * Moves time forward in steps of `stepMs` and lets the event loop turn between them, for work
   * that schedules its next step from a promise.
   */
  async advanceThrough(ms: number, stepMs = 1_000): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.advance(Math.min(stepMs, left));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #next(end: number): Appointment | undefined {
    let earliest: Appointment | undefined;
    for (const candidate of this.#appointments) {
      if (candidate.at > end) continue;
      const earlier =
        !earliest ||
        candidate.at < earliest.at ||
        (candidate.at === earliest.at && candidate.order < earliest.order);
      if (earlier) earliest = candidate;
    }
    return earliest;
  }
}
