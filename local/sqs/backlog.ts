import type { Phase, QueueMessage } from './message.ts';

/**
 * The order in which a queue hands out its messages. The queue changes the phase of a message and
 * then tells the backlog.
 */
export interface Backlog {
  /** A message entered the queue (`from` undefined) or left the phase `from`. */
  changed(message: QueueMessage, from: Phase | undefined): void;
  /**
   * Offers visible messages to `accept`, in order, until it has accepted `limit` of them. `accept`
   * takes the message in flight and returns true, or removes it from the queue and returns false.
   */
  select(limit: number, accept: (message: QueueMessage) => boolean): QueueMessage[];
  clear(): void;
}
