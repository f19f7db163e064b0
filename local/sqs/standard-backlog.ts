import type { Backlog } from './backlog.ts';
import { Deque } from './deque.ts';
import type { Phase, QueueMessage } from './message.ts';

interface Tenant {
  /** Visible and in-flight messages. */
  present: number;
  inFlight: number;
  /** Visible messages that were passed over because the tenant was noisy. */
  readonly heldBack: Deque<QueueMessage>;
}

/** Below this many messages in flight no tenant is called noisy. */
const NOISE_FLOOR = 2;

/**
 * A standard queue's order: messages are handed out as they became visible, except that a noisy
 * tenant's messages let the others' pass (fair queues). A tenant is a message group id; it is noisy
 * while it has more messages in flight than the tenants have on average. When only noisy tenants
 * have messages, these are handed out at full rate. Messages without a group are never held back.
 *
 * AWS does not publish its measure of noise, only that it looks at the messages in flight.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export class StandardBacklog implements Backlog {
  readonly #arrivals = new Deque<QueueMessage>();
  readonly #tenants = new Map<string, Tenant>();
  /** Tenants with messages held back; few, as only the noisiest have any. */
  readonly #holding = new Set<Tenant>();
  #grouplessPresent = 0;
  #inFlight = 0;
  #positions = 0;

  changed(message: QueueMessage, from: Phase | undefined): void {
    const wasPresent = from === 'visible' || from === 'in-flight';
    const isPresent = message.phase === 'visible' || message.phase === 'in-flight';
    const present = Number(isPresent) - Number(wasPresent);
    const inFlight = Number(message.phase === 'in-flight') - Number(from === 'in-flight');
    this.#inFlight += inFlight;
    const groupId = message.content.groupId;
    if (groupId === undefined) this.#grouplessPresent += present;
    else this.#count(groupId, present, inFlight);
    if (message.phase === 'visible' && from !== 'visible') {
      message.position = ++this.#positions;
      this.#arrivals.push(message);
    }
  }

  select(limit: number, accept: (message: QueueMessage) => boolean): QueueMessage[] {
    const selected: QueueMessage[] = [];
    while (selected.length < limit) {
      const message = this.#next();
      if (!message) break;
      if (accept(message)) selected.push(message);
    }
    return selected;
  }

  clear(): void {
    this.#arrivals.clear();
    this.#tenants.clear();
    this.#holding.clear();
    this.#grouplessPresent = 0;
    this.#inFlight = 0;
  }

  #count(groupId: string, present: number, inFlight: number): void {
    let tenant = this.#tenants.get(groupId);
    if (!tenant) {
      tenant = { present: 0, inFlight: 0, heldBack: new Deque() };
      this.#tenants.set(groupId, tenant);
    }
    tenant.present += present;
    tenant.inFlight += inFlight;
    if (tenant.present > 0) return;
    this.#tenants.delete(groupId);
    this.#holding.delete(tenant);
  }

  #next(): QueueMessage | undefined {
    const arrival = this.#nextQuietArrival();
    let best: QueueMessage | undefined = arrival;
    let bestHolder: Tenant | undefined;
    for (const tenant of this.#holding) {
      const held = firstVisible(tenant.heldBack);
      if (!held) {
        this.#holding.delete(tenant);
        continue;
      }
      // A quiet arrival goes before everything that a noisy tenant has.
      if (arrival && this.#isNoisy(tenant)) continue;
      if (!best || held.position < best.position) {
        best = held;
        bestHolder = tenant;
      }
    }
    if (bestHolder) bestHolder.heldBack.shift();
    else this.#arrivals.shift();
    return best;
  }

  /** The first arrival of a quiet tenant; those of noisy ones before it are set aside. */
  #nextQuietArrival(): QueueMessage | undefined {
    for (;;) {
      const arrival = firstVisible(this.#arrivals);
      if (!arrival) return undefined;
      const tenant = this.#tenants.get(arrival.content.groupId ?? '');
      if (!tenant || !this.#isNoisy(tenant)) return arrival;
      this.#arrivals.shift();
      tenant.heldBack.push(arrival);
      this.#holding.add(tenant);
    }
  }

  #isNoisy(tenant: Tenant): boolean {
    if (tenant.inFlight < NOISE_FLOOR) return false;
    const tenants = this.#tenants.size + (this.#grouplessPresent > 0 ? 1 : 0);
    return tenant.inFlight * tenants > this.#inFlight;
  }
}

/** Drops what left the queue in the meantime, and returns the first that is still visible. */
function firstVisible(messages: Deque<QueueMessage>): QueueMessage | undefined {
  while (messages.first && messages.first.phase !== 'visible') messages.shift();
  return messages.first;
}
