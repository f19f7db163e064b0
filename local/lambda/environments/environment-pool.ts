import { EnvironmentStartError, ThrottledError } from '../errors.ts';
import type { Clock } from '../../context/clock.ts';
import { settledWithin } from '../model/settled-within.ts';
import type { ExecutionEnvironment } from './execution-environment.ts';

interface Waiter {
  take: (environment: ExecutionEnvironment) => void;
  refuse: (error: Error) => void;
  stopWaiting: () => void;
}

export interface PoolOptions {
  functionName: string;
  clock: Clock;
  gate: StartGate;
  limit: number;
  /** How long an environment may stand idle before it is ended. */
  idleMs: number;
  /** The same for an environment beside others of its function that stand idle. */
  surplusIdleMs: number;
  create: () => ExecutionEnvironment;
}

/**
 * The execution environments of one function. One that is idle is used again, the latest first; one
 * is started while events wait and the limit allows it. An environment runs one event at a time.
 */
export class EnvironmentPool {
  readonly #options: PoolOptions;
  /** Every environment that lives; those of an older code are ended when they come free. */
  readonly #current = new Set<ExecutionEnvironment>();
  readonly #outdated = new Set<ExecutionEnvironment>();
  readonly #idle: { environment: ExecutionEnvironment; since: number }[] = [];
  readonly #waiters: Waiter[] = [];
  readonly #released = new Map<ExecutionEnvironment, () => void>();
  readonly #running = new Set<Promise<void>>();
  #busy = 0;
  #starting = 0;
  #cancelSweep: (() => void) | undefined;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /**
   * Resolves with an environment that is the caller's until it calls `release`.
   *
   * @param waitMs how long to wait when every environment that the limit allows is taken
   * @throws ThrottledError
   */
  acquire(waitMs = 0, signal?: AbortSignal): Promise<ExecutionEnvironment> {
    const { functionName, limit, clock } = this.#options;
    const idle = this.#closed ? undefined : this.#idle.pop();
    if (idle) {
      this.#take(idle.environment);
      return Promise.resolve(idle.environment);
    }
    const roomLeft = this.#busy + this.#waiters.length < limit;
    if (this.#closed || signal?.aborted || (!roomLeft && waitMs <= 0)) {
      return Promise.reject(
        new ThrottledError(
          this.#closed
            ? `Lambda is closing; ${functionName} takes no further event`
            : `Rate Exceeded: ${functionName} has ${limit} environments and all are busy`,
        ),
      );
    }
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        waiter.stopWaiting();
        reject(
          new ThrottledError(
            `Rate Exceeded: no environment of ${functionName} (${limit}) came free in time`,
          ),
        );
      };
      const cancelTimer = roomLeft ? () => {} : clock.schedule(waitMs, giveUp);
      signal?.addEventListener('abort', giveUp);
      const waiter: Waiter = {
        take: resolve,
        refuse: reject,
        stopWaiting: () => {
          cancelTimer();
          signal?.removeEventListener('abort', giveUp);
        },
      };
      this.#waiters.push(waiter);
      this.#startWhileNeeded();
    });
  }

  release(environment: ExecutionEnvironment): void {
    this.#busy--;
    this.#released.get(environment)?.();
    this.#released.delete(environment);
    this.#offer(environment);
  }

  /** Called when an environment ended, whoever ended it. */
  forget(environment: ExecutionEnvironment): void {
    this.#current.delete(environment);
    this.#outdated.delete(environment);
    const place = this.#idle.findIndex((entry) => entry.environment === environment);
    if (place >= 0) this.#idle.splice(place, 1);
  }

  /** Those that live, in the order of their start. */
  environments(): ExecutionEnvironment[] {
    return [...this.#outdated, ...this.#current];
  }

  /** Ends the idle environments now and the busy ones after their event. */
  async recycle(): Promise<void> {
    for (const environment of this.#current) this.#outdated.add(environment);
    this.#current.clear();
    await Promise.all(this.#idle.splice(0).map(({ environment }) => environment.end()));
  }

  /** Takes no further event, lets those that run end within `patienceMs`, and ends everything. */
  async close(patienceMs: number): Promise<void> {
    this.#closed = true;
    this.#cancelSweep?.();
    for (const waiter of this.#waiters.splice(0)) {
      waiter.stopWaiting();
      waiter.refuse(new ThrottledError(`Lambda is closing: ${this.#options.functionName}`));
    }
    await settledWithin(patienceMs, this.#running);
    await Promise.all([...this.#current, ...this.#outdated].map((one) => one.end()));
  }

  #take(environment: ExecutionEnvironment): void {
    this.#busy++;
    const running = new Promise<void>((resolve) => this.#released.set(environment, resolve));
    this.#running.add(running);
    void running.then(() => this.#running.delete(running));
  }

  /** Gives an environment to the event that waits longest, or lets it stand idle. */
  #offer(environment: ExecutionEnvironment): void {
    if (!environment.ended && this.#outdated.has(environment)) void environment.end();
    // One that failed to start still goes to an event: that event fails with the reason.
    const usable = !environment.ended || (environment.fresh && !this.#outdated.has(environment));
    const waiter = usable ? this.#waiters.shift() : undefined;
    if (waiter) {
      waiter.stopWaiting();
      this.#take(environment);
      waiter.take(environment);
    } else if (!environment.ended) {
      this.#idle.push({ environment, since: this.#options.clock.monotonic() });
      this.#sweepLater();
    }
    this.#startWhileNeeded();
  }

  #startWhileNeeded(): void {
    const { limit, gate } = this.#options;
    while (
      !this.#closed &&
      this.#starting < this.#waiters.length &&
      this.#busy + this.#idle.length + this.#starting < limit
    ) {
      this.#starting++;
      void gate.pass(() => this.#start());
    }
  }

  async #start(): Promise<void> {
    // While it stood at the gate, an environment may have come free for the event.
    if (this.#closed || this.#waiters.length === 0) {
      this.#starting--;
      return;
    }
    let environment: ExecutionEnvironment;
    try {
      environment = this.#options.create();
      this.#current.add(environment);
      await environment.initialized;
    } catch (error) {
      const waiter = this.#waiters.shift();
      waiter?.stopWaiting();
      waiter?.refuse(new EnvironmentStartError(this.#options.functionName, error));
      return;
    } finally {
      this.#starting--;
    }
    this.#offer(environment);
  }

  #sweepLater(): void {
    const { clock, idleMs, surplusIdleMs } = this.#options;
    this.#cancelSweep ??= clock.schedule(Math.min(idleMs, surplusIdleMs), () => {
      this.#cancelSweep = undefined;
      const now = clock.monotonic();
      // The oldest stand first: the latest is used again before them.
      for (let [oldest] = this.#idle; oldest; [oldest] = this.#idle) {
        if (now - oldest.since < (this.#idle.length > 1 ? surplusIdleMs : idleMs)) break;
        this.#idle.shift();
        void oldest.environment.end();
      }
      if (this.#idle.length > 0 && !this.#closed) this.#sweepLater();
    });
  }
}

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
