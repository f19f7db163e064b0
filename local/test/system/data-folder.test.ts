import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { DataFolderUnusableError, lockDataFolder } from '../../system/data-folder.ts';

it('a data folder whose path is that of a file is refused by name', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'data-folder-'));
  const path = join(folder.path, 'state');
  await writeFile(path, '');

  const lock = () => lockDataFolder(path);

  expect(lock).toThrow(DataFolderUnusableError);
  expect(lock).toThrow(`The data folder ${path} cannot be used`);
});
