import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DataDamagedError, RecordUnreadableError, StorageWriteError, reasonOf } from './errors.ts';
import type { Collection, Storage } from './storage.ts';

const STATE_FILE = 'state.sqlite';
/** Lies beside the state from its first start on, so that a state that is missing is noticed. */
const MARKER_FILE = 'state.json';

export interface SqliteStorageOptions {
  /** Goes on without a state that is missing or damaged, and keeps what is left of its file. */
  acceptLoss?: boolean | undefined;
  /** Told of every record that is left out because its form is not known; a warning otherwise. */
  onUnreadable?: ((error: RecordUnreadableError) => void) | undefined;
}

/** A change that is not on disk yet. */
interface Change {
  readonly collection: string;
  readonly key: string;
  /** Undefined deletes. */
  readonly value: { readonly json: unknown } | undefined;
}

/**
 * Keeps state in one SQLite file. Changes of one turn of the event loop are committed together, so
 * that thousands of messages a second cost a few hundred commits.
 *
 * The write-ahead log reaches the operating system with every commit: a killed process loses
 * nothing that was answered. A power failure may lose the last commits (`synchronous = NORMAL`).
 *
 * A commit that fails (a full disk) rejects `flushed`, so that nothing is answered that is not kept;
 * its changes stay and are written with the next commit that succeeds.
 */
export class SqliteStorage implements Storage {
  readonly volatile = false;
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #upsert;
  readonly #remove;
  readonly #onUnreadable: (error: RecordUnreadableError) => void;
  #changes = new Map<string, Change>();
  #commit: Promise<void> | undefined;

  /** @throws DataDamagedError unless a loss is accepted */
  constructor(folder: string, options: SqliteStorageOptions = {}) {
    mkdirSync(folder, { recursive: true });
    this.#file = join(folder, STATE_FILE);
    this.#onUnreadable = options.onUnreadable ?? ((error) => console.warn(error.message));
    this.#database = openState(folder, options.acceptLoss === true);
    this.#upsert = this.#database.prepare(
      `INSERT INTO entries (collection, key, value) VALUES (?, ?, ?)
       ON CONFLICT (collection, key) DO UPDATE SET value = excluded.value`,
    );
    this.#remove = this.#database.prepare(`DELETE FROM entries WHERE collection = ? AND key = ?`);
  }

  collection<T>(name: string, parse: (json: unknown) => T): Collection<T> {
    const select = this.#database.prepare(
      `SELECT key, value FROM entries WHERE collection = ? ORDER BY position`,
    );
    return {
      put: (key, value) => this.#change({ collection: name, key, value: { json: value } }),
      delete: (key) => this.#change({ collection: name, key, value: undefined }),
      load: () =>
        select.all(name).flatMap((row) => {
          const key = String(row['key']);
          try {
            return [{ key, value: parse(JSON.parse(String(row['value']))) }];
          } catch (error) {
            this.#onUnreadable(new RecordUnreadableError(this.#file, name, key, error));
            return [];
          }
        }),
    };
  }

  flushed(): Promise<void> {
    if (this.#changes.size > 0) this.#commitSoon();
    return this.#commit ?? Promise.resolve();
  }

  close(): void {
    try {
      this.#write();
    } finally {
      this.#database.close();
    }
  }

  #change(change: Change): void {
    this.#changes.set(`${change.collection}\n${change.key}`, change);
    this.#commitSoon();
  }

  #commitSoon(): void {
    if (this.#commit) return;
    this.#commit = nextTurn().then(() => {
      this.#commit = undefined;
      if (this.#database.isOpen) this.#write();
    });
    // Whoever waits for `flushed` is told; the changes themselves are kept for the next commit.
    this.#commit.catch(() => undefined);
  }

  /** @throws StorageWriteError; the changes are kept then */
  #write(): void {
    if (this.#changes.size === 0) return;
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const { collection, key, value } of this.#changes.values()) {
        if (value) this.#upsert.run(collection, key, JSON.stringify(value.json));
        else this.#remove.run(collection, key);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw new StorageWriteError(this.#file, this.#changes.size, error);
    }
    this.#changes = new Map();
  }
}

/** Opens the state, or begins one in a folder that never had any. @throws DataDamagedError */
function openState(folder: string, acceptLoss: boolean): DatabaseSync {
  const file = join(folder, STATE_FILE);
  const marker = join(folder, MARKER_FILE);
  const empty = !existsSync(file) || statSync(file).size === 0;
  if (empty && existsSync(marker) && !acceptLoss) {
    throw new DataDamagedError(file, 'it is missing or empty, though the folder was in use before');
  }
  let database: DatabaseSync;
  try {
    database = openChecked(file);
  } catch (error) {
    if (!acceptLoss) throw new DataDamagedError(file, reasonOf(error), error);
    setAside(file);
    database = openChecked(file);
  }
  writeFileSync(marker, `${JSON.stringify({ state: STATE_FILE })}\n`);
  return database;
}

function openChecked(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    const damage = database
      .prepare('PRAGMA quick_check(1)')
      .all()
      .flatMap((row) => Object.values(row))
      .find((finding) => finding !== 'ok');
    if (damage !== undefined) throw new Error(String(damage));
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS entries (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        collection TEXT NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        UNIQUE (collection, key)
      );
    `);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Keeps the damaged file under another name, with its log. */
function setAside(file: string): void {
  const suffix = `.damaged-${Date.now()}`;
  for (const part of ['', '-wal', '-shm']) {
    if (existsSync(file + part)) renameSync(file + part, file + suffix + part);
  }
}
