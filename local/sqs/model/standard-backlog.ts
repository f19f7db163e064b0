import { Deque } from './deque.ts';
import type { Backlog } from './message-ledger.ts';
import type { Phase, QueueMessage } from './message.ts';

interface Tenant {
  /** Visible and in-flight messages. */
  present: number;
  inFlight: number;
  /** Visible messages that were passed over because the tenant was noisy. */
  readonly heldBack: Deque<QueueMessage>;
}

/** A noisy tenant has at least this many messages in flight, */
const NOISY_IN_FLIGHT = 30;
/** and of all messages in flight more than one in this many. */
const NOISY_ONE_IN = 10;

/**
 * A standard queue's order: messages are handed out as they were sent, also those that come back, except
 * that those of noisy tenants let the others' pass (fair queues). A tenant is a message group id; a message
 * without one is a tenant of its own, and so never noisy. When only noisy tenants have messages,
 * these are handed out at full rate, those of the tenant with the fewest in flight first.
 *
 * Noise is measured as AWS documents it for messages in flight, at each receive anew: a tenant is
 * quiet again as soon as it is below the measure. AWS also calls a tenant noisy that takes more
 * than 10 % of the consumers' recent processing time, over a period that it does not name, and
 * remembers noise for some minutes. Neither is done here.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
 */
export class StandardBacklog implements Backlog {
  readonly #arrivals = new Deque<QueueMessage>();
  /** Messages that became visible after others sent later, such as those that came back. */
  readonly #returned = new Deque<QueueMessage>();
  readonly #tenants = new Map<string, Tenant>();
  /** Tenants with messages held back; few, as fewer than ten can be noisy at a time. */
  readonly #holding = new Set<Tenant>();
  #inFlight = 0;
  #positions = 0;

  changed(message: QueueMessage, from: Phase | undefined): void {
    const wasPresent = from === 'visible' || from === 'in-flight';
    const isPresent = message.phase === 'visible' || message.phase === 'in-flight';
    const present = Number(isPresent) - Number(wasPresent);
    const inFlight = Number(message.phase === 'in-flight') - Number(from === 'in-flight');
    this.#inFlight += inFlight;
    const groupId = message.content.groupId;
    if (groupId !== undefined) this.#count(groupId, present, inFlight);
    if (from === undefined) message.position = ++this.#positions;
    if (message.phase !== 'visible' || from === 'visible') return;
    if (from === undefined) this.#arrivals.push(message);
    else insertInOrder(this.#returned, message);
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
    this.#returned.clear();
    this.#tenants.clear();
    this.#holding.clear();
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
    let source = this.#nextQuiet();
    let quiet = source?.first;
    let leastNoisy: Tenant | undefined;
    for (const tenant of this.#holding) {
      const held = firstVisible(tenant.heldBack);
      if (!held) this.#holding.delete(tenant);
      else if (this.#isNoisy(tenant)) {
        if (!leastNoisy || tenant.inFlight < leastNoisy.inFlight) leastNoisy = tenant;
      } else if (!quiet || held.position < quiet.position) {
        quiet = held;
        source = tenant.heldBack;
      }
    }
    return quiet ? source?.shift() : leastNoisy?.heldBack.shift();
  }

  /** Where the first message of a quiet tenant is; those of noisy ones before it are set aside. */
  #nextQuiet(): Deque<QueueMessage> | undefined {
    for (;;) {
      const arrival = firstVisible(this.#arrivals);
      const returned = firstVisible(this.#returned);
      const first =
        arrival && returned && arrival.position < returned.position ? arrival : returned;
      const message = first ?? arrival;
      if (!message) return undefined;
      const source = message === arrival ? this.#arrivals : this.#returned;
      const groupId = message.content.groupId;
      const tenant = groupId === undefined ? undefined : this.#tenants.get(groupId);
      if (!tenant || !this.#isNoisy(tenant)) return source;
      source.shift();
      insertInOrder(tenant.heldBack, message);
      this.#holding.add(tenant);
    }
  }

  #isNoisy({ inFlight }: Tenant): boolean {
    return inFlight >= NOISY_IN_FLIGHT && inFlight * NOISY_ONE_IN > this.#inFlight;
  }
}

const insertInOrder = (messages: Deque<QueueMessage>, message: QueueMessage): void =>
  messages.insert(message, ({ position }) => position > message.position);

/** Drops what left the queue in the meantime, and returns the first that is still visible. */
function firstVisible(messages: Deque<QueueMessage>): QueueMessage | undefined {
  while (messages.first && messages.first.phase !== 'visible') messages.shift();
  return messages.first;
}
