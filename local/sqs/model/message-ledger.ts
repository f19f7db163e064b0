import type { Clock } from '../../context/clock.ts';
import { DeadlineHeap } from './deadline-heap.ts';
import type { Phase, QueueMessage } from './message.ts';

/** How often at most the ledger looks through all messages for those past their retention. */
const SWEEP_INTERVAL_MS = 1_000;

export interface LedgerOptions {
  clock: Clock;
  backlog: Backlog;
  store: { put(message: QueueMessage): void; delete(message: QueueMessage): void };
  retentionMs: () => number;
  /** A delay or a visibility timeout ended. */
  onVisible: (message: QueueMessage, from: Phase) => void;
}

/**
 * Every message of one queue with its phase. Moves messages from phase to phase, on request and
 * when their time comes, and writes each change to the store. One timer serves all deadlines.
 */
export class MessageLedger {
  readonly #options: LedgerOptions;
  readonly #messages = new Map<string, QueueMessage>();
  readonly #deadlines = new DeadlineHeap<QueueMessage>();
  readonly #counts: Record<Phase, number> = { delayed: 0, visible: 0, 'in-flight': 0, gone: 0 };
  #timer: { at: number; cancel: () => void } | undefined;
  /** No message is older than this. */
  #oldestSentAt = Number.POSITIVE_INFINITY;
  #nextSweepAt = 0;
  #closed = false;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  get(messageId: string): QueueMessage | undefined {
    return this.#messages.get(messageId);
  }

  count(phase: Exclude<Phase, 'gone'>): number {
    return this.#counts[phase];
  }

  add(message: QueueMessage): void {
    this.#insert(message);
    this.#options.store.put(message);
  }

  /**
   * Adds a message that is stored already. It waits no longer than it would have from now on, should
   * the machine's clock have been set back between the runs.
   */
  restore(message: QueueMessage): void {
    const latest = this.#options.clock.monotonic() + message.waitMs;
    if (message.phase !== 'visible') message.dueAt = Math.min(message.dueAt, latest);
    this.#insert(message);
  }

  #insert(message: QueueMessage): void {
    this.#messages.set(message.id, message);
    this.#counts[message.phase] += 1;
    this.#oldestSentAt = Math.min(this.#oldestSentAt, message.sentAt);
    this.#trackDeadline(message);
    this.#options.backlog.changed(message, undefined);
  }

  /** @param waitMs for a delayed message or one in flight: how long until it becomes visible */
  change(message: QueueMessage, phase: Exclude<Phase, 'gone'>, waitMs = 0): void {
    const from = message.phase;
    this.#counts[from] -= 1;
    this.#counts[phase] += 1;
    message.phase = phase;
    message.waitMs = waitMs;
    message.dueAt = phase === 'visible' ? 0 : this.#options.clock.monotonic() + waitMs;
    this.#trackDeadline(message);
    this.#options.backlog.changed(message, from);
    this.#options.store.put(message);
  }

  /** Lets every delayed message become visible `delayMs` after it was sent. */
  restartDelays(delayMs: number): void {
    const now = this.#options.clock.now();
    for (const message of this.#messages.values()) {
      if (message.phase !== 'delayed') continue;
      this.change(message, 'delayed', Math.max(0, message.sentAt + delayMs - now));
    }
    this.settle();
  }

  remove(message: QueueMessage): void {
    const from = message.phase;
    this.#counts[from] -= 1;
    message.phase = 'gone';
    this.#messages.delete(message.id);
    this.#deadlines.remove(message);
    this.#options.backlog.changed(message, from);
    this.#options.store.delete(message);
  }

  select(limit: number, accept: (message: QueueMessage) => boolean): QueueMessage[] {
    return this.#options.backlog.select(limit, accept);
  }

  isExpired(message: QueueMessage): boolean {
    return message.sentAt + this.#options.retentionMs() <= this.#options.clock.now();
  }

  /** Does everything that is due by now: call before looking at phases or counts. */
  settle(): void {
    const { clock } = this.#options;
    const time = clock.monotonic();
    for (
      let due = this.#deadlines.takeDue(time);
      due !== undefined;
      due = this.#deadlines.takeDue(time)
    ) {
      const from = due.phase;
      this.change(due, 'visible');
      this.#options.onVisible(due, from);
    }
    this.#sweep(clock.now());
  }

  clear(): void {
    for (const message of this.#messages.values()) {
      message.phase = 'gone';
      this.#deadlines.remove(message);
      this.#options.store.delete(message);
    }
    this.#messages.clear();
    this.#options.backlog.clear();
    Object.assign(this.#counts, { delayed: 0, visible: 0, 'in-flight': 0, gone: 0 });
    this.#disarm();
  }

  /** Cancels the timer for good; what becomes due is then seen only by `settle`. */
  close(): void {
    this.#closed = true;
    this.#disarm();
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #trackDeadline(message: QueueMessage): void {
    if (message.phase === 'visible') {
      this.#deadlines.remove(message);
      return;
    }
    this.#deadlines.set(message);
    this.#arm();
  }

  #arm(): void {
    const earliest = this.#deadlines.earliest;
    if (this.#closed || !earliest || (this.#timer && this.#timer.at <= earliest.dueAt)) return;
    this.#timer?.cancel();
    const { clock } = this.#options;
    const cancel = clock.schedule(Math.max(1, earliest.dueAt - clock.monotonic()), () => {
      this.#timer = undefined;
      this.settle();
      this.#arm();
    });
    this.#timer = { at: earliest.dueAt, cancel };
  }

  #sweep(now: number): void {
    const limit = now - this.#options.retentionMs();
    if (this.#oldestSentAt > limit || now < this.#nextSweepAt) return;
    this.#nextSweepAt = now + SWEEP_INTERVAL_MS;
    this.#oldestSentAt = Number.POSITIVE_INFINITY;
    for (const message of this.#messages.values()) {
      if (message.sentAt <= limit) this.remove(message);
      else this.#oldestSentAt = Math.min(this.#oldestSentAt, message.sentAt);
    }
  }
}

/**
 * The order in which a queue hands out its messages. The queue changes the phase of a message and
 * then tells the backlog.
 */
export interface Backlog {
  /** A message entered the queue (`from` undefined) or left the phase `from`. */
  changed(message: QueueMessage, from: Phase | undefined): void;
  /**
   * Offers visible messages to `accept`, in order, until it has accepted `limit` of them. `accept`
   * takes the message in flight and returns true, or removes it from the queue and returns false.
   */
  select(limit: number, accept: (message: QueueMessage) => boolean): QueueMessage[];
  clear(): void;
}
