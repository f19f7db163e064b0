import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { zipSync } from 'fflate';
import { describe, expect, it } from '@jest/globals';
import { project, PROJECT_TIMEOUT_MS } from './project.ts';

/** The project's own build: the TypeScript compiler and a .zip file. */
async function buildProject(path: string): Promise<void> {
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  await promisify(execFile)(
    process.execPath,
    [
      join(dirname(compiler), 'bin', 'tsc'),
      'src/add.ts',
      '--outDir',
      'build',
      '--module',
      'nodenext',
      '--target',
      'es2024',
    ],
    { cwd: path },
  );
  await mkdir(join(path, 'build'), { recursive: true });
  const code = await readFile(join(path, 'build', 'add.js'));
  const archive = zipSync({
    'package.json': Buffer.from('{"type":"module"}'),
    'src/add.js': code,
  });
  await writeFile(join(path, 'build', 'prebuilt.zip'), archive);
}

describe('A service of TypeScript that another tool has built', () => {
  it(
    'runs from its artifact',
    async () => {
      await using service = await project('prebuilt-typescript');
      await buildProject(service.path);

      const url = await service.start();
      const response = await fetch(new URL('/sums/19/23', url));

      expect(await response.text()).toBe('42');
    },
    PROJECT_TIMEOUT_MS,
  );
});
