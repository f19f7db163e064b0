import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import type { Bundle } from './bundler.ts';

/** The files of a deployment package, by path. */
export type ArtifactFiles = Record<string, Uint8Array>;

/** A deployment package names a file outside its own folder. */
export class UnsafeArtifactError extends Error {
  override readonly name = 'UnsafeArtifactError';
}

/** Tells Node.js that the bundle is an ES module. */
const MANIFEST = new TextEncoder().encode('{"type":"module"}\n');

/** What a function is deployed with: its own bundle and nothing else. */
export const artifactFiles = (bundle: Bundle): ArtifactFiles => ({
  'package.json': MANIFEST,
  [bundle.path]: bundle.code,
});

/** Every entry bears the same date, so that unchanged code gives an unchanged artifact. */
const FIXED_DATE = new Date(1980, 0, 1);

export const zipArtifact = (files: ArtifactFiles): Uint8Array =>
  zipSync(files, { level: 6, mtime: FIXED_DATE });

/** Reads a packaged artifact (a .zip file). */
export const readArtifact = async (zipFile: string): Promise<ArtifactFiles> =>
  unzipSync(await readFile(zipFile));

/**
 * Lays an artifact's files out in a folder named for their content, and resolves with that folder.
 * A folder that exists already is complete: it appears by one rename.
 *
 * @throws UnsafeArtifactError
 */
export async function layOutArtifact(files: ArtifactFiles, parentFolder: string): Promise<string> {
  const folder = join(parentFolder, contentHash(files));
  if (await exists(folder)) return folder;
  await mkdir(parentFolder, { recursive: true });
  const unfinished = await mkdtemp(`${folder}.unfinished-`);
  for (const [path, content] of Object.entries(files)) {
    if (path.startsWith('/') || path.split('/').includes('..')) {
      throw new UnsafeArtifactError(`The artifact holds the path "${path}"`);
    }
    const file = join(unfinished, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  try {
    await rename(unfinished, folder);
  } catch (error) {
    // Somebody else has laid out the same files in the meantime.
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
  return folder;
}

function contentHash(files: ArtifactFiles): string {
  const hash = createHash('sha256');
  for (const path of Object.keys(files).toSorted()) {
    hash
      .update(path)
      .update('\0')
      .update(files[path] ?? '')
      .update('\0');
  }
  return hash.digest('hex').slice(0, 24);
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
