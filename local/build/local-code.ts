import { resolve } from 'node:path';
import { artifactFiles, layOutArtifact } from './artifact.ts';
import { incrementalBundler, type IncrementalBundler } from './bundler.ts';
import type { HandlerSource } from './handler-source.ts';

/** The functions' code as it runs on this machine: unminified, with source maps. */
export class LocalCode {
  readonly #serviceFolder: string;
  readonly #sources: HandlerSource[];
  readonly #codeFolder: string;
  #bundler: Promise<IncrementalBundler> | undefined;
  #inputs: string[] = [];

  /** @param codeFolder where code is laid out to run */
  constructor(serviceFolder: string, sources: HandlerSource[], codeFolder: string) {
    this.#serviceFolder = serviceFolder;
    this.#sources = sources;
    this.#codeFolder = codeFolder;
  }

  /** What the last build was made of, installed packages left out; absolute paths. */
  get inputs(): string[] {
    return this.#inputs;
  }

  /**
   * Builds what has changed.
   *
   * @returns the folder of each function's code, named for its content, by function key
   * @throws BuildError
   */
  async build(): Promise<Map<string, string>> {
    if (this.#sources.length === 0) return new Map();
    this.#bundler ??= incrementalBundler(this.#serviceFolder, this.#sources, 'local');
    const { bundles, inputs } = await (await this.#bundler).rebuild();
    this.#inputs = inputs
      .filter((input) => !input.includes('node_modules/'))
      .map((input) => resolve(this.#serviceFolder, input));
    return new Map(
      await Promise.all(
        bundles.map(
          async (bundle) =>
            [
              bundle.functionKey,
              await layOutArtifact(artifactFiles(bundle), this.#codeFolder),
            ] as const,
        ),
      ),
    );
  }

  async close(): Promise<void> {
    await (await this.#bundler)?.close();
  }
}
