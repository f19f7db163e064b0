import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { reasonOf } from '../storage/errors.ts';
import { memoryStorage } from '../storage/memory-storage.ts';
import { SqliteStorage } from '../storage/sqlite-storage.ts';
import type { Storage } from '../storage/storage.ts';
import type { CleanUp } from './clean-up.ts';
import type { SystemOptions } from './system.ts';

/** Another local system keeps its state in this folder and still runs. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
  readonly folder: string;

  constructor(folder: string) {
    super(`The data folder ${folder} is in use by another local system`);
    this.folder = folder;
  }
}

/** The folder cannot be made: its path is a file's, or its parent may not be written. */
export class DataFolderUnusableError extends Error {
  override readonly name = 'DataFolderUnusableError';
  readonly folder: string;

  constructor(folder: string, cause: unknown) {
    super(`The data folder ${folder} cannot be used: ${reasonOf(cause)}`, { cause });
    this.folder = folder;
  }
}

/**
 * The state of an earlier run in the data folder, or one in memory without such a folder.
 *
 * @throws DataFolderInUseError, DataFolderUnusableError, DataDamagedError
 */
export function openStorage(
  { dataDir, acceptDataLoss }: Pick<SystemOptions, 'dataDir' | 'acceptDataLoss'>,
  onUnreadable: (error: unknown) => void,
  cleanUp: CleanUp,
): Storage {
  if (dataDir !== undefined) cleanUp.add(lockDataFolder(dataDir));
  const storage =
    dataDir === undefined
      ? memoryStorage()
      : new SqliteStorage(dataDir, { acceptLoss: acceptDataLoss, onUnreadable });
  cleanUp.add(() => storage.close());
  return storage;
}

const SQLITE_BUSY = 5;

/**
 * Makes the folder and reserves it for this system. The lock is SQLite's, on a file of its own: the
 * operating system takes it back however the process ends, so that none is ever left behind.
 *
 * @returns gives the folder free
 * @throws DataFolderInUseError, DataFolderUnusableError
 */
export function lockDataFolder(folder: string): () => void {
  makeFolder(folder);
  const file = join(folder, 'lock.sqlite');
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    const hasCode = typeof error === 'object' && error !== null && 'errcode' in error;
    if (hasCode && error.errcode === SQLITE_BUSY) throw new DataFolderInUseError(folder);
    // The lock holds nothing: it can be removed without loss.
    throw new DataFolderUnusableError(file, error);
  }
  return () => database.close();
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new DataFolderUnusableError(folder, error);
  }
}
