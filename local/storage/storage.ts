/**
 * Where an emulator keeps what must survive a restart. Each emulator holds its state in memory and
 * writes every change through here; on start it loads it back. Values are JSON.
 */
export interface Storage {
  /** True when nothing is kept: an emulator may then skip the work of serialising. */
  readonly volatile: boolean;
  /** A named set of values by key; the same name gives the same set. */
  collection<T>(name: string, parse: (json: unknown) => T): Collection<T>;
  /**
   * Resolves when every change made so far would survive the end of this process. An emulator
   * awaits it before it answers a request that changed something. A value counts as it is by then.
   *
   * @throws StorageWriteError when they could not be written; they are tried again with the next ones
   */
  flushed(): Promise<void>;
  close(): void;
}

export interface Collection<T> {
  put(key: string, value: T): void;
  delete(key: string): void;
  /** Every stored value that `parse` accepts, in the order of first insertion. */
  load(): { key: string; value: T }[];
}
