import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.ts';

/** Writes code that stands in the template (`ZipFile`) as a package, until the system stops. */
export const inlineCode =
  (cleanUp: CleanUp) =>
  async (source: string): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'inline-function-'));
    cleanUp.add(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'index.js'), source);
    return folder;
  };
