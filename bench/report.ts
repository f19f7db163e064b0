import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { withSection } from '../docs/marked-section.ts';

/** Markdown that is printed as it comes and can be put into the documentation at the end. */
export class Report {
  readonly #parts: string[] = [];

  add(part: string): void {
    this.#parts.push(part);
    console.log(`${part}\n`);
  }

  /**
   * Replaces the marked section of a document.
   *
   * @throws MarkersMissingError
   */
  async writeTo(file: string): Promise<void> {
    const document = withSection(await readFile(file, 'utf8'), 'bench', this.#parts.join('\n\n'));
    const style = await resolveConfig(file);
    await writeFile(file, await format(document, { ...style, filepath: file }));
  }
}
