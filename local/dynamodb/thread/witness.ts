import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { Emulator, EmulatorAnswer } from './emulator.ts';

/** Holds the count of writes; no client sees it listed. */
export const WITNESS_TABLE = 'local-runtime.writes';
const EVERY_MS = 100;

const stored = z.object({ Item: z.object({ writes: z.object({ N: z.string() }) }).optional() });

/**
 * Counts the writes of items in the store itself. The store is a log: one that lost its end, or
 * that is gone, holds a smaller count than was reported before.
 */
export class Witness {
  readonly #emulator: Emulator;
  readonly #onStored: (writes: number) => void;
  #writes = 0;
  #dirty = false;
  #storing: Promise<void> | undefined;

  /** @param onStored called with a count that stands in the store, after those writes */
  constructor(emulator: Emulator, onStored: (writes: number) => void) {
    this.#emulator = emulator;
    this.#onStored = onStored;
  }

  /** Resolves with the count that the store holds. */
  async open(): Promise<number> {
    const { status, body } = await this.#call('GetItem', { Key: KEY });
    if (status === 200) {
      this.#writes = Number(stored.parse(JSON.parse(body)).Item?.writes.N ?? 0);
      return this.#writes;
    }
    await this.#call('CreateTable', {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    return 0;
  }

  note(writes: number): void {
    this.#writes += writes;
    this.#dirty = true;
    this.#storing ??= pause(EVERY_MS).then(() => this.#store());
  }

  /** Stores what is not stored yet. */
  async close(): Promise<void> {
    await this.#storing;
    await this.#store();
  }

  async #store(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    const writes = this.#writes;
    const { status } = await this.#call('PutItem', {
      Item: { ...KEY, writes: { N: String(writes) } },
    });
    this.#storing = undefined;
    if (status === 200) this.#onStored(writes);
    else this.#dirty = true;
  }

  #call(operation: string, input: object): Promise<EmulatorAnswer> {
    return this.#emulator.call(operation, { TableName: WITNESS_TABLE, ...input });
  }
}

const KEY = { id: { S: 'all' } };
