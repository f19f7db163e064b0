import * as z from 'zod';
import type { Collection, Storage } from '../../storage/storage.ts';

/** The data folder has lost writes that were answered before. */
export class StoreIncompleteError extends Error {
  override readonly name = 'StoreIncompleteError';
}

const KEY = 'writes';

/**
 * How many writes of items the tables have seen, kept where queues and topics keep their state. The
 * tables' own store keeps the same count (see `Witness`): each of the two tells of a loss in the
 * other.
 */
export class WriteCount {
  readonly #storage: Storage;
  readonly #counts: Collection<number>;
  readonly #options: { dataDir?: string | undefined; acceptLoss?: boolean | undefined };

  constructor(
    storage: Storage,
    options: { dataDir?: string | undefined; acceptLoss?: boolean | undefined },
  ) {
    this.#storage = storage;
    this.#counts = storage.collection('dynamodb-writes', (json) => z.number().parse(json));
    this.#options = options;
  }

  note(writes: number): void {
    this.#counts.put(KEY, writes);
  }

  /**
   * Compares the count with that of the tables' store, which was just opened.
   *
   * @throws StoreIncompleteError
   */
  compare(found: number): void {
    if (this.#storage.volatile) return;
    const known = this.#counts.load()[0]?.value;
    if (this.#options.acceptLoss !== true) {
      if (known === undefined && found > 0) {
        throw this.#incomplete(
          'state.sqlite',
          `it is missing or empty, though dynamodb holds ${found} writes: messages and subscriptions are lost`,
        );
      }
      if (known !== undefined && found < known) {
        throw this.#incomplete(
          'dynamodb',
          `it holds ${found} of the ${known} writes that were made: the items of the other ${known - found} are lost or stale`,
        );
      }
    }
    this.note(found);
  }

  #incomplete(name: string, what: string): StoreIncompleteError {
    const { dataDir = '' } = this.#options;
    return new StoreIncompleteError(
      `${name} in the data folder ${dataDir} is damaged: ${what}. Put a copy of the whole folder back, start with --accept-data-loss to go on with what is left, or remove the folder to begin anew.`,
    );
  }
}
