import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from '@jest/globals';
import { SqliteStorage } from '../../storage/sqlite-storage.ts';

it('a process that is killed has everything it was told is kept', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'killed-'));
  const writer = spawn(
    process.execPath,
    [join(import.meta.dirname, 'acknowledging-writer.ts'), folder.path],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(writer, 'exit');
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === 200) writer.kill('SIGKILL');
  }
  await exited;

  const storage = new SqliteStorage(folder.path);
  const kept = new Set(
    storage
      .collection('numbers', (json) => json)
      .load()
      .map(({ key }) => key),
  );
  storage.close();

  expect(acknowledged.length).toBeGreaterThanOrEqual(200);
  expect(acknowledged.filter((key) => !kept.has(key))).toEqual([]);
});
