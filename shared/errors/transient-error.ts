import type { Identifiers } from './identifiers.ts';

/** Trying again later may help: something this work depends on was not there or not ready. */
export class TransientError extends Error {
  override readonly name: string = 'TransientError';
  readonly identifiers: Identifiers;

  constructor(message: string, identifiers: Identifiers = {}, options?: ErrorOptions) {
    super(message, options);
    this.identifiers = identifiers;
  }
}
