import { Deque } from './deque.ts';
import type { Backlog } from './message-ledger.ts';
import type { Phase, QueueMessage } from './message.ts';

interface Group {
  readonly id: string;
  /** In the order of their sequence numbers; those that left the queue are dropped at the front. */
  readonly messages: Deque<QueueMessage>;
  /** Messages that have not left the queue. */
  present: number;
  /** Waiting for its turn, or having it: not to be put into the turn order once more. */
  queued: boolean;
}

/**
 * A FIFO queue's order: within a group strictly by sequence number, and a message in flight holds
 * back all those behind it. One that comes back is handed out again at once, also while others
 * behind it are still in flight. Groups take turns; the one whose turn it is gives
 * as many messages as the receiver wants before the next one is asked.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export class FifoBacklog implements Backlog {
  readonly #groups = new Map<string, Group>();
  readonly #turns = new Deque<Group>();

  changed(message: QueueMessage, from: Phase | undefined): void {
    const group = this.#groupOf(message);
    if (from === undefined) {
      group.messages.push(message);
      group.present += 1;
    }
    if (message.phase === 'gone') {
      group.present -= 1;
      if (group.present === 0) this.#groups.delete(group.id);
    }
    this.#offer(group);
  }

  select(limit: number, accept: (message: QueueMessage) => boolean): QueueMessage[] {
    const selected: QueueMessage[] = [];
    while (selected.length < limit) {
      const group = this.#turns.shift();
      if (!group) break;
      if (isReady(group)) drain(group, limit, accept, selected);
      group.queued = false;
      this.#offer(group);
    }
    return selected;
  }

  clear(): void {
    this.#groups.clear();
    this.#turns.clear();
  }

  #groupOf(message: QueueMessage): Group {
    const id = message.content.groupId ?? '';
    let group = this.#groups.get(id);
    if (!group) {
      group = { id, messages: new Deque(), present: 0, queued: false };
      this.#groups.set(id, group);
    }
    return group;
  }

  #offer(group: Group): void {
    if (group.queued || !isReady(group)) return;
    group.queued = true;
    this.#turns.push(group);
  }
}

/** True when the first message of the group is visible. */
function isReady({ messages }: Group): boolean {
  while (messages.first?.phase === 'gone') messages.shift();
  return messages.first?.phase === 'visible';
}

function drain(
  group: Group,
  limit: number,
  accept: (message: QueueMessage) => boolean,
  selected: QueueMessage[],
): void {
  for (let offset = 0; selected.length < limit; offset++) {
    const message = group.messages.at(offset);
    if (!message) return;
    if (message.phase === 'gone') continue;
    if (message.phase !== 'visible') return;
    if (accept(message)) selected.push(message);
  }
}

const PER_MILLISECOND = 1_000;

/**
 * The sequence numbers of a FIFO queue: 20 digits, ever growing, also over restarts, as they follow
 * the clock.
 */
export class SequenceNumbers {
  #last: number;

  /** @param used numbers that were given out earlier */
  constructor(used: (string | undefined)[]) {
    this.#last = Math.max(0, ...used.map((number) => Number(number?.slice(1) ?? 0)));
  }

  next(now: number): string {
    this.#last = Math.max(this.#last + 1, now * PER_MILLISECOND);
    return `1${String(this.#last).padStart(19, '0')}`;
  }
}
