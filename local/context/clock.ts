/** Time as the emulators see it, so that a test can move it by hand. */
export interface Clock {
  /** Milliseconds since the epoch, for what is shown. A user may set this time back or forward. */
  now(): number;
  /**
   * For timeouts: milliseconds since the epoch as it was when the process began, and the time that
   * passed since. It never goes back and never jumps, whatever the machine's clock is set to.
   */
  monotonic(): number;
  /** Runs `task` once after `delayMs`; the returned function cancels it. */
  schedule(delayMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.timeOrigin + performance.now(),
  schedule(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
