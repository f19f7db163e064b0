import { FileWatcher } from './file-watcher.ts';
import type { LocalCode } from './local-code.ts';

export interface CodeReloaderOptions {
  code: LocalCode;
  /** Called for each function whose bundle changed. */
  replaceCode: (functionKey: string, folder: string) => Promise<void>;
  onReloaded: (functionKeys: string[]) => void;
  /** A build error, or a failure to replace code; the code that ran before keeps running. */
  onError: (error: unknown) => void;
}

/**
 * Rebuilds the functions when a file that they are made of changes, and replaces the code of those
 * whose bundle is another one afterwards.
 */
export class CodeReloader {
  readonly #options: CodeReloaderOptions;
  readonly #currentFolder: Map<string, string>;
  readonly #watcher = new FileWatcher(() => {
    this.#building = this.#building.then(() => this.reload());
  });
  #building: Promise<void> = Promise.resolve();

  /** @param currentFolders the code that runs now, by function key */
  constructor(options: CodeReloaderOptions, currentFolders: ReadonlyMap<string, string>) {
    this.#options = options;
    this.#currentFolder = new Map(currentFolders);
  }

  start(): void {
    this.#watcher.watch(this.#options.code.inputs);
  }

  /** Rebuilds now; resolves when the changed functions run their new code. */
  async reload(): Promise<void> {
    const { code, onReloaded, onError } = this.#options;
    try {
      const folders = await code.build();
      this.#watcher.watch(code.inputs);
      const changed = await this.#replaceChanged(folders);
      if (changed.length > 0) onReloaded(changed);
    } catch (error) {
      onError(error);
    }
  }

  async close(): Promise<void> {
    this.#watcher.close();
    await this.#building;
    await this.#options.code.close();
  }

  async #replaceChanged(folders: ReadonlyMap<string, string>): Promise<string[]> {
    const changed: string[] = [];
    for (const [functionKey, folder] of folders) {
      if (this.#currentFolder.get(functionKey) === folder) continue;
      await this.#options.replaceCode(functionKey, folder);
      this.#currentFolder.set(functionKey, folder);
      changed.push(functionKey);
    }
    return changed;
  }
}
