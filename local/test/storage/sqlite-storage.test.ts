import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import {
  DataDamagedError,
  StorageWriteError,
  type RecordUnreadableError,
} from '../../storage/errors.ts';
import { SqliteStorage } from '../../storage/sqlite-storage.ts';

const parse = (json: unknown): number => z.number().parse(json);

describe('SQLite storage', () => {
  let folder: string;
  const file = (): string => join(folder, 'state.sqlite');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'storage-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps values in the order of first insertion, over a restart', async () => {
    const first = new SqliteStorage(folder);
    const numbers = first.collection('numbers', parse);
    for (const [key, value] of [
      ['b', 1],
      ['a', 2],
      ['gone', 3],
      ['b', 4],
    ] as const) {
      numbers.put(key, value);
    }
    numbers.delete('gone');
    await first.flushed();
    first.close();

    const second = new SqliteStorage(folder);

    expect(second.collection('numbers', parse).load()).toEqual([
      { key: 'b', value: 4 },
      { key: 'a', value: 2 },
    ]);
    expect(second.collection('others', parse).load()).toEqual([]);
    second.close();
  });

  it('shows another process what was flushed', async () => {
    const writer = new SqliteStorage(folder);
    const reader = new SqliteStorage(folder);
    writer.collection('numbers', parse).put('a', 1);
    const before = reader.collection('numbers', parse).load();

    await writer.flushed();

    expect(before).toEqual([]);
    expect(reader.collection('numbers', parse).load()).toEqual([{ key: 'a', value: 1 }]);
    writer.close();
    reader.close();
  });

  it('keeps what was written just before it was closed', () => {
    const first = new SqliteStorage(folder);
    first.collection('numbers', parse).put('a', 1);
    first.close();

    const second = new SqliteStorage(folder);

    expect(second.collection('numbers', parse).load()).toEqual([{ key: 'a', value: 1 }]);
    second.close();
  });

  it('leaves out a record that its reader does not understand, keeps it and names it', async () => {
    const unreadable: RecordUnreadableError[] = [];
    const storage = new SqliteStorage(folder, { onUnreadable: (error) => unreadable.push(error) });
    const anything = storage.collection<unknown>('numbers', (json) => json);
    anything.put('a', 'text');
    anything.put('b', 2);
    await storage.flushed();

    expect(storage.collection('numbers', parse).load()).toEqual([{ key: 'b', value: 2 }]);
    expect(unreadable).toMatchObject([
      { file: join(folder, 'state.sqlite'), collection: 'numbers', key: 'a' },
    ]);
    expect(anything.load()).toHaveLength(2);
    storage.close();
  });

  describe('that can not write for a while', () => {
    it('says so to all who wait, and writes everything later', async () => {
      const storage = new SqliteStorage(folder);
      const other = new DatabaseSync(join(folder, 'state.sqlite'));
      other.exec('BEGIN IMMEDIATE');
      const numbers = storage.collection('numbers', parse);

      numbers.put('a', 1);
      await expect(storage.flushed()).rejects.toThrow(StorageWriteError);
      numbers.put('b', 2);
      await expect(storage.flushed()).rejects.toThrow(/^2 changes could not be written to /);
      other.close();
      await storage.flushed();

      expect(numbers.load()).toEqual([
        { key: 'a', value: 1 },
        { key: 'b', value: 2 },
      ]);
      storage.close();
    });
  });

  describe('on a damaged folder', () => {
    beforeEach(() => {
      const storage = new SqliteStorage(folder);
      const texts = storage.collection('texts', (json) => z.string().parse(json));
      for (let number = 0; number < 100; number++) texts.put(String(number), 'x'.repeat(1_000));
      storage.close();
    });

    it.each([
      ['missing', () => rmSync(file())],
      ['empty', () => writeFileSync(file(), '')],
      ['cut off', () => truncateSync(file(), 40_960)],
      ['no database', () => writeFileSync(file(), 'noise'.repeat(1_000))],
    ])('refuses a state that is %s, by name, and goes on when told to', (_, damage) => {
      damage();

      expect(() => new SqliteStorage(folder)).toThrow(DataDamagedError);
      expect(() => new SqliteStorage(folder)).toThrow(`${file()} is damaged: `);
      const storage = new SqliteStorage(folder, { acceptLoss: true });
      expect(storage.collection('texts', (json) => json).load()).toEqual([]);
      storage.close();
    });

    it('keeps the damaged file under another name', () => {
      writeFileSync(file(), 'noise'.repeat(1_000));

      new SqliteStorage(folder, { acceptLoss: true }).close();

      expect(readdirSync(folder)).toContainEqual(expect.stringMatching(/^state\.sqlite\.damaged-/));
    });
  });
});
