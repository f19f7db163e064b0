import type { Clock } from '../clock.ts';
import { overLimit } from './errors.ts';
import { MAXIMUM_IN_FLIGHT } from './limits.ts';
import type { QueueMessage } from './message.ts';
import type { MessageLedger } from './message-ledger.ts';
import { ReceiveAttempts } from './receive-attempts.ts';

export interface Take {
  maxMessages: number;
  visibilityTimeoutSeconds: number;
  /** FIFO queues only: ReceiveRequestAttemptId. */
  attemptId?: string | undefined;
}

export interface ReceiverOptions {
  clock: Clock;
  ledger: MessageLedger;
  /** Moves the message to a dead-letter queue if it has used up its receives; true if it did. */
  deadLetter: (message: QueueMessage) => boolean;
}

/** Takes messages of one queue in flight. */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #attempts = new ReceiveAttempts();

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  take({ maxMessages, visibilityTimeoutSeconds, attemptId }: Take): QueueMessage[] {
    const { ledger, clock } = this.#options;
    ledger.settle();
    const now = clock.now();
    const dueAt = now + visibilityTimeoutSeconds * 1000;
    const again = attemptId === undefined ? undefined : this.#attempts.replay(attemptId, now);
    const messages = again ?? this.#takeNew(Math.min(maxMessages, this.#room), now, dueAt);
    // A repeated attempt starts the visibility timeout anew.
    if (again) for (const message of again) ledger.change(message, 'in-flight', dueAt);
    if (attemptId !== undefined) this.#attempts.remember(attemptId, messages, now);
    return messages;
  }

  /**
   * Only a short poll of a standard queue is told that too many messages are in flight; other
   * receives come back empty.
   *
   * @throws AwsError OverLimit
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
   */
  requireRoom(): void {
    if (this.#room <= 0) {
      throw overLimit(
        `The maximum number of in flight messages, ${MAXIMUM_IN_FLIGHT}, has been reached.`,
      );
    }
  }

  forgetAttempts(): void {
    this.#attempts.clear();
  }

  get #room(): number {
    return MAXIMUM_IN_FLIGHT - this.#options.ledger.count('in-flight');
  }

  #takeNew(limit: number, now: number, dueAt: number): QueueMessage[] {
    const { ledger, deadLetter } = this.#options;
    return ledger.select(limit, (message) => {
      if (ledger.isExpired(message)) {
        ledger.remove(message);
        return false;
      }
      if (deadLetter(message)) return false;
      message.receiveCount += 1;
      message.receivesHere += 1;
      message.firstReceivedAt ??= now;
      message.receivedAt = now;
      ledger.change(message, 'in-flight', dueAt);
      return true;
    });
  }
}
