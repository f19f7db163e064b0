import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { artifactFiles, layOutArtifact } from './artifact.ts';
import { incrementalBundler, type Bundle, type IncrementalBundler } from './bundler.ts';
import type { HandlerSource } from './handler-source.ts';

export interface CodeReloaderOptions {
  serviceFolder: string;
  sources: HandlerSource[];
  /** The folders whose files the bundles are made of, relative to the service. */
  watched: string[];
  /** Where code is laid out to run. */
  codeFolder: string;
  /** Called for each function whose bundle changed. */
  replaceCode: (functionKey: string, folder: string) => Promise<void>;
  onReloaded: (functionKeys: string[]) => void;
  /** A build error, or a failure to replace code; the code that ran before keeps running. */
  onError: (error: unknown) => void;
}

/** An editor writes a file in several steps; the build waits for this long after the last. */
const SETTLE_MS = 40;

/**
 * Rebuilds the functions when a source file changes, and replaces the code of those whose bundle
 * is another one afterwards.
 */
export class CodeReloader {
  readonly #options: CodeReloaderOptions;
  readonly #currentFolder: Map<string, string>;
  #watchers: FSWatcher[] = [];
  #bundler: Promise<IncrementalBundler> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #building: Promise<void> = Promise.resolve();

  /** @param currentFolders the code that runs now, by function key */
  constructor(options: CodeReloaderOptions, currentFolders: ReadonlyMap<string, string>) {
    this.#options = options;
    this.#currentFolder = new Map(currentFolders);
  }

  start(): void {
    this.#watchers = this.#options.watched.map((folder) =>
      watch(join(this.#options.serviceFolder, folder), { recursive: true }, (_event, file) => {
        if (file?.endsWith('.ts')) this.#schedule();
      }),
    );
  }

  /** Rebuilds now; resolves when the changed functions run their new code. */
  async reload(): Promise<void> {
    try {
      this.#bundler ??= incrementalBundler(this.#options.serviceFolder, this.#options.sources);
      const bundler = await this.#bundler;
      const changed = await this.#replaceChanged(await bundler.rebuild());
      if (changed.length > 0) this.#options.onReloaded(changed);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
    await this.#building;
    await (await this.#bundler)?.close();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#building = this.#building.then(() => this.reload());
    }, SETTLE_MS);
  }

  async #replaceChanged(bundles: Bundle[]): Promise<string[]> {
    const changed: string[] = [];
    for (const bundle of bundles) {
      const { functionKey } = bundle;
      const folder = await layOutArtifact(artifactFiles(bundle), this.#options.codeFolder);
      if (this.#currentFolder.get(functionKey) === folder) continue;
      await this.#options.replaceCode(functionKey, folder);
      this.#currentFolder.set(functionKey, folder);
      changed.push(functionKey);
    }
    return changed;
  }
}
