import type { ActivityStream } from '../local/activity/activity-stream.ts';

const VERDICTS = new Set(['Approved', 'Declined']);
const ENDS = new Set(['Shipped', 'Declined']);

/** Notes when each order got its verdict and when it came to its end. */
export class OrderOutcomes {
  /** Milliseconds since the epoch, by order id. */
  readonly verdictAt = new Map<string, number>();
  readonly endedAt = new Map<string, number>();
  readonly #stop: () => void;
  #onEnd: () => void = () => undefined;

  constructor(activity: ActivityStream) {
    this.#stop = activity.subscribe((happened) => {
      if (happened.type !== 'message-published' || happened.subject === undefined) return;
      const state = happened.attributes['State'] ?? '';
      if (VERDICTS.has(state)) setOnce(this.verdictAt, happened.subject, happened.at);
      if (!ENDS.has(state)) return;
      setOnce(this.endedAt, happened.subject, happened.at);
      this.#onEnd();
    });
  }

  /** Resolves when every one of the orders has come to its end. */
  async allEnded(orderIds: readonly string[]): Promise<void> {
    const left = (): boolean => orderIds.some((orderId) => !this.endedAt.has(orderId));
    while (left()) {
      await new Promise<void>((resolve) => {
        const wanted = this.endedAt.size + 1;
        this.#onEnd = () => {
          if (this.endedAt.size >= wanted) resolve();
        };
      });
    }
  }

  close(): void {
    this.#stop();
  }
}

/** An event may be published twice; the first time counts. */
function setOnce(moments: Map<string, number>, orderId: string, at: number): void {
  if (!moments.has(orderId)) moments.set(orderId, at);
}
