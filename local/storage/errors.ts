/** What went wrong in words; the class of an error differs between JavaScript realms. */
export const reasonOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'message' in cause
    ? String(cause.message)
    : String(cause);

/** The file that holds the state is missing, cut off or no database. */
export class DataDamagedError extends Error {
  override readonly name = 'DataDamagedError';
  readonly file: string;

  constructor(file: string, reason: string, cause?: unknown) {
    super(
      `${file} is damaged: ${reason}. It holds the queues with their messages, the subscriptions and every other state except the tables. Put a copy of the whole folder back, start with --accept-data-loss to go on with what is left, or remove the folder to begin anew.`,
      { cause },
    );
    this.file = file;
  }
}

/** One stored record has a form that this version does not know: it is left out, and kept on disk. */
export class RecordUnreadableError extends Error {
  override readonly name = 'RecordUnreadableError';
  readonly file: string;
  readonly collection: string;
  readonly key: string;

  constructor(file: string, collection: string, key: string, cause: unknown) {
    super(
      `${file} has a record of ${collection} that this version cannot read, ${key}: it is left out. ${reasonOf(cause)}`,
      { cause },
    );
    this.file = file;
    this.collection = collection;
    this.key = key;
  }
}

/** Changes did not reach the disk. They are kept in memory and written as soon as that works. */
export class StorageWriteError extends Error {
  override readonly name = 'StorageWriteError';
  readonly file: string;
  readonly changes: number;

  constructor(file: string, changes: number, cause: unknown) {
    super(`${changes} changes could not be written to ${file}: ${reasonOf(cause)}`, { cause });
    this.file = file;
    this.changes = changes;
  }
}
