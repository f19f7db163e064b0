import type { Identifiers } from './identifiers.ts';

/**
 * Trying again will not help: the message or the request itself is wrong. A message that fails so
 * still goes back to its queue, which moves it to its dead-letter queue after maxReceiveCount.
 */
export class PermanentError extends Error {
  override readonly name: string = 'PermanentError';
  readonly identifiers: Identifiers;

  constructor(message: string, identifiers: Identifiers = {}, options?: ErrorOptions) {
    super(message, options);
    this.identifiers = identifiers;
  }
}
