import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Collection, Storage } from './storage.ts';

/**
 * Keeps state in one SQLite file. Changes of one turn of the event loop are committed together, so
 * that thousands of messages a second cost a few hundred commits.
 *
 * The write-ahead log reaches the operating system with every commit: a killed process loses
 * nothing that was answered. A power failure may lose the last commits (`synchronous = NORMAL`).
 */
export class SqliteStorage implements Storage {
  readonly volatile = false;
  readonly #database: DatabaseSync;
  #pendingCommit: Promise<void> | undefined;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#database = new DatabaseSync(join(folder, 'state.sqlite'));
    this.#database.exec(`
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
  }

  collection<T>(name: string, parse: (json: unknown) => T): Collection<T> {
    const upsert = this.#database.prepare(
      `INSERT INTO entries (collection, key, value) VALUES (?, ?, ?)
       ON CONFLICT (collection, key) DO UPDATE SET value = excluded.value`,
    );
    const remove = this.#database.prepare(`DELETE FROM entries WHERE collection = ? AND key = ?`);
    const select = this.#database.prepare(
      `SELECT key, value FROM entries WHERE collection = ? ORDER BY position`,
    );
    return {
      put: (key, value) => {
        this.#begin();
        upsert.run(name, key, JSON.stringify(value));
      },
      delete: (key) => {
        this.#begin();
        remove.run(name, key);
      },
      load: () =>
        select.all(name).map((row) => ({
          key: String(row['key']),
          value: parse(JSON.parse(String(row['value']))),
        })),
    };
  }

  flushed(): Promise<void> {
    return this.#pendingCommit ?? Promise.resolve();
  }

  close(): void {
    if (this.#database.isTransaction) this.#database.exec('COMMIT');
    this.#database.close();
  }

  #begin(): void {
    if (this.#pendingCommit) return;
    this.#database.exec('BEGIN');
    this.#pendingCommit = nextTurn().then(() => {
      this.#pendingCommit = undefined;
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('COMMIT');
    });
  }
}
