import type { Recorded } from 'template-runtime/activity';
import type { KillableSystem } from './killable-system.ts';

/** Counts what happens to each order, over every run of a system that is killed and started again. */
export class OrderLedger {
  /** Mails and shipments by order id. */
  readonly mails = new Map<string, number>();
  readonly shipments = new Map<string, number>();
  accepted = 0;
  struck = 0;
  #onAccepted: () => void = () => {};

  /** Follows a system until it is gone; resolves then. */
  async follow({ url }: KillableSystem): Promise<void> {
    const response = await fetch(new URL('/_local/activity', url));
    let unfinished = '';
    try {
      for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const lines = (unfinished + text).split('\n');
        unfinished = lines.pop() ?? '';
        for (const line of lines) this.#note(JSON.parse(line) as Recorded);
      }
    } catch (error) {
      // Killed in the middle of a chunk; the class of the error may be another realm's.
      const terminated = typeof error === 'object' && error !== null && 'message' in error;
      if (!terminated || error.message !== 'terminated') throw error;
    }
  }

  /** Resolves when so many orders have been accepted since the beginning. */
  async acceptedOrders(wanted: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onAccepted = () => {
        if (this.accepted >= wanted) resolve();
      };
      this.#onAccepted();
    });
  }

  #note(happened: Recorded): void {
    if (happened.type === 'http-answered' && happened.status === 202) {
      this.accepted += 1;
      this.#onAccepted();
    } else if (happened.type === 'email-sent') {
      const [, orderId] = /^Order (\S+):/.exec(happened.subjectLine) ?? [];
      if (orderId !== undefined) count(this.mails, orderId);
    } else if (happened.type === 'item-written') {
      const { table, operation, key } = happened;
      const ships = table.endsWith('ShipmentsTable') && operation === 'PutItem';
      if (ships && key !== undefined) count(this.shipments, key);
    } else if (happened.type === 'fault-struck') {
      this.struck += 1;
    }
  }
}

function count(counts: Map<string, number>, orderId: string): void {
  counts.set(orderId, (counts.get(orderId) ?? 0) + 1);
}
