import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

let program: string | undefined;

/**
 * The runtime as one JavaScript file, which a process loads in a few milliseconds; it would need
 * Node's type stripper otherwise. The file lies in a temporary folder for as long as this process
 * lives.
 */
export function runtimeProgram(): string {
  program ??= build();
  return program;
}

function build(): string {
  const folder = mkdtempSync(join(tmpdir(), 'template-runtime-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'runtime.cjs');
  buildSync({
    entryPoints: [fileURLToPath(new URL('../runtime/runtime.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
  });
  return file;
}
