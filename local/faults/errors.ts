/** The fault that is asked for makes no sense here; the message says what would. */
export class FaultRefusedError extends Error {
  override readonly name = 'FaultRefusedError';
}

/** There is no fault of this id, or it has ended. */
export class FaultNotFoundError extends Error {
  override readonly name = 'FaultNotFoundError';

  constructor(id: string) {
    super(`There is no fault ${id}`);
  }
}
