import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { LocalContext } from '../../context/local-context.ts';
import type { Collection } from '../../storage/storage.ts';
import { type PublishedMessage, publishedMessageSchema } from '../model/message.ts';
import type { Delivery, DeliveryAttempts } from './delivery-attempt.ts';

const deliverySchema = z.object({
  id: z.string(),
  subscriptionArn: z.string(),
  message: publishedMessageSchema,
  attempts: z.number(),
  dueAt: z.number(),
  waitMs: z.number().default(0),
});

/** Deliveries that are made one after the other. */
interface Lane {
  readonly deliveries: Waiting[];
  running: boolean;
  cancelRetry?: () => void;
}

interface Waiting {
  readonly delivery: Delivery;
  stored: boolean;
  /** Called when the delivery is made, given up or stored for a retry. */
  readonly settle: () => void;
  /** Called when an attempt ended in an error that is no outcome of a delivery, but a defect. */
  fail: (error: unknown) => void;
}

const nothing = (): void => {};

/** Nobody waits for the delivery any more: the defect surfaces as an uncaught exception. */
const surface = (error: unknown): void => {
  queueMicrotask(() => {
    throw error;
  });
};

/**
 * Every delivery under way. Messages of one group of a FIFO topic share a lane per subscription:
 * while one of them waits for a retry, the later ones wait behind it. What waits is in storage, so
 * that a restart goes on with it.
 */
export class DeliveryLanes {
  readonly #context: LocalContext;
  readonly #attempts: Pick<DeliveryAttempts, 'make'>;
  readonly #stored: Collection<Delivery>;
  readonly #lanes = new Map<string, Lane>();
  #closed = false;

  constructor(context: LocalContext, attempts: Pick<DeliveryAttempts, 'make'>) {
    this.#context = context;
    this.#attempts = attempts;
    this.#stored = context.storage.collection('sns-pending-deliveries', (json) =>
      deliverySchema.parse(json),
    );
  }

  /** Goes on with the deliveries of an earlier run. */
  resume(): void {
    const now = this.#context.clock.monotonic();
    for (const { value } of this.#stored.load()) {
      // No longer than it was to, should the machine's clock be behind the last run's.
      value.dueAt = Math.min(value.dueAt, now + value.waitMs);
      this.#laneOf(value).deliveries.push({
        delivery: value,
        stored: true,
        settle: nothing,
        fail: surface,
      });
    }
    for (const [key, lane] of this.#lanes) this.#scheduleRetry(key, lane);
  }

  /**
   * Resolves when the message is delivered, given up, or stored to be tried again.
   *
   * @param options.storeFirst resolves before the first attempt, for endpoints that may be slow
   */
  deliver(
    subscriptionArn: string,
    message: PublishedMessage,
    { storeFirst = false }: { storeFirst?: boolean } = {},
  ): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const delivery = {
      id: randomUUID(),
      subscriptionArn,
      message,
      attempts: 0,
      dueAt: 0,
      waitMs: 0,
    };
    const lane = this.#laneOf(delivery);
    const waiting: Waiting = { delivery, stored: false, settle: resolve, fail: reject };
    lane.deliveries.push(waiting);
    if (lane.cancelRetry || storeFirst) this.#store(waiting);
    if (lane.cancelRetry) return promise;
    if (!lane.running) void this.#run(laneKey(delivery), lane);
    return promise;
  }

  close(): void {
    this.#closed = true;
    for (const lane of this.#lanes.values()) lane.cancelRetry?.();
    this.#lanes.clear();
  }

  #laneOf(delivery: Delivery): Lane {
    const key = laneKey(delivery);
    const existing = this.#lanes.get(key);
    if (existing) return existing;
    const lane: Lane = { deliveries: [], running: false };
    this.#lanes.set(key, lane);
    return lane;
  }

  async #run(key: string, lane: Lane): Promise<void> {
    lane.running = true;
    for (let first = lane.deliveries[0]; first; first = lane.deliveries[0]) {
      const outcome = await this.#attempt(first);
      if (outcome === 'retry') {
        first.stored = false;
        for (const waiting of lane.deliveries) this.#store(waiting);
        lane.running = false;
        this.#scheduleRetry(key, lane);
        return;
      }
      lane.deliveries.shift();
      if (first.stored) this.#stored.delete(first.delivery.id);
      first.settle();
    }
    this.#lanes.delete(key);
  }

  /** A delivery whose attempt throws leaves its lane, so that those behind it go on. */
  async #attempt(waiting: Waiting): Promise<'done' | 'retry'> {
    try {
      return await this.#attempts.make(waiting.delivery);
    } catch (error) {
      waiting.fail(error);
      return 'done';
    }
  }

  #store(waiting: Waiting): void {
    if (!waiting.stored) this.#stored.put(waiting.delivery.id, waiting.delivery);
    waiting.stored = true;
    waiting.settle();
    waiting.fail = surface;
  }

  #scheduleRetry(key: string, lane: Lane): void {
    const first = lane.deliveries[0];
    if (this.#closed || !first) return;
    const delay = Math.max(0, first.delivery.dueAt - this.#context.clock.monotonic());
    lane.cancelRetry = this.#context.clock.schedule(delay, () => {
      delete lane.cancelRetry;
      void this.#run(key, lane);
    });
  }
}

function laneKey({ id, subscriptionArn, message }: Delivery): string {
  const ordered = message.fifo && message.groupId !== undefined;
  return ordered ? `${subscriptionArn} ${message.groupId}` : id;
}
