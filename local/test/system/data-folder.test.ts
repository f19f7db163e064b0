import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { DataFolderUnusableError, lockDataFolder } from '../../system/data-folder.ts';

it('a lock that is no database is named', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'data-folder-'));
  const file = join(folder.path, 'lock.sqlite');
  await writeFile(file, 'noise'.repeat(1_000));

  const lock = () => lockDataFolder(folder.path);

  expect(lock).toThrow(DataFolderUnusableError);
  expect(lock).toThrow(`The data folder ${file} cannot be used: file is not a database`);
});

it('a data folder whose path is that of a file is refused by name', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'data-folder-'));
  const path = join(folder.path, 'state');
  await writeFile(path, '');

  const lock = () => lockDataFolder(path);

  expect(lock).toThrow(DataFolderUnusableError);
  expect(lock).toThrow(`The data folder ${path} cannot be used`);
});
