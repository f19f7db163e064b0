import { watch, type FSWatcher } from 'node:fs';
import { dirname, join } from 'node:path';

/** An editor writes a file in several steps; a change is told this long after the last. */
const SETTLE_MS = 40;

/** Tells when one of some files changes. */
export class FileWatcher {
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #files: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** @param files absolute paths; those of before are forgotten */
  watch(files: readonly string[]): void {
    this.#files = new Set(files);
    const folders = new Set(files.map((file) => dirname(file)));
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) {
      if (this.#watchers.has(folder)) continue;
      // The folder and not the file: many editors write another file and rename it.
      const watcher = watch(folder, (_event, name) => {
        if (name !== null && this.#files.has(join(folder, name))) this.#schedule();
      });
      this.#watchers.set(folder, watcher);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onChange, SETTLE_MS);
  }
}
