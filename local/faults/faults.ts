import type { ActivityStream } from '../activity/activity-stream.ts';
import type { FaultStruck } from '../activity/activity.ts';
import { FaultNotFoundError, FaultRefusedError } from './errors.ts';
import {
  parseFault,
  type Fault,
  type FaultKind,
  type FaultOf,
  type FaultRequest,
} from './fault.ts';
import { seededRandom } from './random.ts';

/** A fault that is on. */
export interface ActiveFault<F extends Fault = Fault> {
  readonly id: string;
  readonly fault: F;
  /** How often it has struck. */
  readonly struck: number;
}

interface Entry {
  id: string;
  fault: Fault;
  struck: number;
  random: () => number;
}

/** What faults are named by: the resources of the system. */
export interface FaultTargets {
  functionNames(): string[];
  queues(): { name: string; fifo: boolean }[];
  /** The physical name of a logical id; another name stays as it is. */
  nameOf(logicalIdOrName: string): string;
}

/** Begins what a fault does by itself, and gives what ends it. */
export type FaultStart = (fault: Fault) => Promise<(() => void | Promise<void>) | undefined>;

/**
 * The faults of a running system: added, listed, ended together. They stand outside of the
 * functions, which have no switch for them.
 */
export class Faults {
  readonly #activity: ActivityStream;
  readonly #targets: FaultTargets;
  readonly #start: FaultStart;
  readonly #entries = new Map<string, Entry>();
  readonly #ends = new Map<string, () => void | Promise<void>>();
  #count = 0;

  constructor(activity: ActivityStream, targets: FaultTargets, start: FaultStart) {
    this.#activity = activity;
    this.#targets = targets;
    this.#start = start;
  }

  /**
   * Resolves when the fault can strike; one that only begins something has struck then.
   *
   * @throws FaultRefusedError
   */
  async add(request: FaultRequest): Promise<ActiveFault> {
    const fault = this.#resolved(parseFault(request));
    const seed = 'seed' in fault ? fault.seed : 1;
    const id = `${++this.#count}`;
    const entry: Entry = { id, fault, struck: 0, random: seededRandom(seed) };
    this.#entries.set(id, entry);
    try {
      const end = await this.#start(fault);
      if (end) this.#ends.set(id, end);
    } catch (error) {
      this.#entries.delete(id);
      throw error;
    }
    if (fault.type === 'pause-consumer') {
      this.#note(entry, { what: 'is paused', functionName: fault.function });
    } else if (fault.type === 'send-poison') {
      this.#note(entry, { what: `${fault.count} poison sent`, queue: fault.queue });
      await this.end(id);
    }
    return entry;
  }

  list(): ActiveFault[] {
    return [...this.#entries.values()].map(({ id, fault, struck }) => ({ id, fault, struck }));
  }

  /** @throws FaultNotFoundError */
  async end(id: string): Promise<void> {
    if (!this.#entries.delete(id)) throw new FaultNotFoundError(id);
    const end = this.#ends.get(id);
    this.#ends.delete(id);
    await end?.();
  }

  /** Ends every fault; what it did so far stays done. */
  async endAll(): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((id) => this.end(id)));
  }

  /** The faults of one kind that are on, in the order they were added. */
  active<K extends FaultKind>(kind: K): ActiveFault<FaultOf<K>>[] {
    if (this.#entries.size === 0) return [];
    return [...this.#entries.values()].filter(
      (entry): entry is Entry & { fault: FaultOf<K> } => entry.fault.type === kind,
    );
  }

  /** Lets chance decide whether a fault strikes now, and tells when it does. */
  strikes({ id }: ActiveFault, what: Omit<FaultStruck, 'type' | 'fault' | 'kind'>): boolean {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    const { fault } = entry;
    if ('rate' in fault && entry.random() >= fault.rate) return false;
    this.#note(entry, what);
    if ('times' in fault && fault.times !== undefined && entry.struck >= fault.times) {
      void this.end(id);
    }
    return true;
  }

  #note(entry: Entry, what: Omit<FaultStruck, 'type' | 'fault' | 'kind'>): void {
    entry.struck += 1;
    const { id, fault } = entry;
    this.#activity.record({ type: 'fault-struck', fault: id, kind: fault.type, ...what });
  }

  /** Puts physical names in; refuses what is not there and what AWS rules out. */
  #resolved(fault: Fault): Fault {
    const resolved = { ...fault };
    if ('function' in resolved && resolved.function !== undefined) {
      resolved.function = this.#named('function', resolved.function, this.#targets.functionNames());
    }
    if ('queue' in resolved && resolved.queue !== undefined) {
      const queues = this.#targets.queues();
      const names = queues.map(({ name }) => name);
      const queue = this.#named('queue', resolved.queue, names);
      const fifo = queues.find(({ name }) => name === queue)?.fifo === true;
      if (fifo && (fault.type === 'deliver-twice' || fault.type === 'reorder-queue')) {
        throw new FaultRefusedError(
          `${queue} is a FIFO queue: it keeps its order and delivers again only after the visibility timeout; ${fault.type} is for standard queues`,
        );
      }
      resolved.queue = queue;
    }
    if (fault.type === 'deliver-twice' && !fault.queue === !fault.function) {
      throw new FaultRefusedError('deliver-twice takes a queue or a function, one of the two');
    }
    return resolved;
  }

  #named(kind: string, given: string, existing: string[]): string {
    const name = this.#targets.nameOf(given);
    const found =
      existing.find((each) => each === name) ?? existing.find((each) => each.endsWith(`-${given}`));
    if (found !== undefined) return found;
    throw new FaultRefusedError(`There is no ${kind} ${given}; there are ${existing.join(', ')}`);
  }
}
