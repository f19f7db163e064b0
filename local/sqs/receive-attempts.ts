import { DEDUPLICATION_SECONDS } from './limits.ts';
import type { QueueMessage } from './message.ts';

interface Taken {
  message: QueueMessage;
  receiveCount: number;
  dueAt: number;
}

/**
 * The receives of a FIFO queue that carried a ReceiveRequestAttemptId: within five minutes the same
 * id gets the same messages again, as long as none was deleted, given back or extended.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
export class ReceiveAttempts {
  readonly #attempts = new Map<string, { at: number; taken: Taken[] }>();

  remember(attemptId: string, messages: QueueMessage[], now: number): void {
    this.#attempts.delete(attemptId);
    this.#attempts.set(attemptId, {
      at: now,
      taken: messages.map((message) => ({
        message,
        receiveCount: message.receiveCount,
        dueAt: message.dueAt,
      })),
    });
  }

  /** The messages of that attempt, or undefined when it is unknown, old, or overtaken by events. */
  replay(attemptId: string, now: number): QueueMessage[] | undefined {
    this.#forgetOld(now);
    const attempt = this.#attempts.get(attemptId);
    if (!attempt || attempt.taken.length === 0) return undefined;
    const unchanged = attempt.taken.every(
      ({ message, receiveCount, dueAt }) =>
        message.phase === 'in-flight' &&
        message.receiveCount === receiveCount &&
        message.dueAt === dueAt,
    );
    return unchanged ? attempt.taken.map(({ message }) => message) : undefined;
  }

  clear(): void {
    this.#attempts.clear();
  }

  #forgetOld(now: number): void {
    for (const [id, { at }] of this.#attempts) {
      if (at > now - DEDUPLICATION_SECONDS * 1000) return;
      this.#attempts.delete(id);
    }
  }
}
