import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { SqliteStorage } from '../../storage/sqlite-storage.ts';

const parse = (json: unknown): number => z.number().parse(json);

describe('SQLite storage', () => {
  let folder: string;
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

  it('refuses what its reader does not understand', async () => {
    const storage = new SqliteStorage(folder);
    storage.collection<unknown>('numbers', (json) => json).put('a', 'text');
    await storage.flushed();

    expect(() => storage.collection('numbers', parse).load()).toThrow(/expected number/);
    storage.close();
  });
});
