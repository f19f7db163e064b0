import type { Clock } from '../../context/clock.ts';
import { invalidValue, overLimit } from '../errors.ts';
import { DEDUPLICATION_SECONDS, MAXIMUM_IN_FLIGHT, MAXIMUM_VISIBILITY_SECONDS } from './limits.ts';
import type { MessageLedger } from './message-ledger.ts';
import type { QueueMessage } from './message.ts';

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
    const time = clock.monotonic();
    const hiddenMs = visibilityTimeoutSeconds * 1000;
    const again = attemptId === undefined ? undefined : this.#attempts.replay(attemptId, time);
    const messages = again ?? this.#takeNew(Math.min(maxMessages, this.#room), hiddenMs);
    // A repeated attempt starts the visibility timeout anew.
    if (again) for (const message of again) ledger.change(message, 'in-flight', hiddenMs);
    if (attemptId !== undefined) this.#attempts.remember(attemptId, messages, time);
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

  #takeNew(limit: number, hiddenMs: number): QueueMessage[] {
    const { ledger, clock, deadLetter } = this.#options;
    const now = clock.now();
    const time = clock.monotonic();
    return ledger.select(limit, (message) => {
      if (ledger.isExpired(message)) {
        ledger.remove(message);
        return false;
      }
      if (deadLetter(message)) return false;
      message.receiveCount += 1;
      message.receivesHere += 1;
      message.firstReceivedAt ??= now;
      message.receivedAt = time;
      ledger.change(message, 'in-flight', hiddenMs);
      return true;
    });
  }
}

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

/** @throws AwsError InvalidParameterValue */
export function requireVisibilityTimeout(seconds: number): void {
  if (seconds >= 0 && seconds <= MAXIMUM_VISIBILITY_SECONDS) return;
  throw invalidValue(
    seconds,
    'VisibilityTimeout',
    `Must be between 0 and ${MAXIMUM_VISIBILITY_SECONDS}, if provided.`,
  );
}

/**
 * A message can be hidden for 12 hours from its receive, however often the timeout is extended.
 *
 * @param elapsedMs since the receive
 * @throws AwsError InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export function requireTotalVisibility(elapsedMs: number, seconds: number): void {
  if (elapsedMs + seconds * 1000 <= MAXIMUM_VISIBILITY_SECONDS * 1000) return;
  throw invalidValue(
    seconds,
    'VisibilityTimeout',
    `Total VisibilityTimeout for the message is beyond the limit [${MAXIMUM_VISIBILITY_SECONDS} seconds]`,
  );
}
