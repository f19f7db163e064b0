/** One step of a message's way through the system, as a line of the live log tells it. */
export interface Hop {
  /** Milliseconds since the epoch. */
  at: number;
  /** What the step is about: order ids. */
  subjects: string[];
  from: string;
  to: string;
  verdict: string;
  tone: Tone;
  durationMs?: number;
  /** Why, in words. */
  note?: string;
}

/** A hop without its moment. */
export type Step = Omit<Hop, 'at'>;

/** `quiet` is bookkeeping, `trouble` is what a retry may heal, `failure` is what it did not. */
export type Tone = 'good' | 'plain' | 'quiet' | 'trouble' | 'failure';
