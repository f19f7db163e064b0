import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

let program: string | undefined;

/**
 * The runtime as one JavaScript text. A worker started from it is ready after 38–49 ms, one that
 * has to load Node's type stripper first after 59–67 ms: see docs/decisions/0007.
 */
export function runtimeProgram(): string {
  program ??= build();
  return program;
}

function build(): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('../runtime/runtime.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
  });
  const [file] = outputFiles;
  if (!file) throw new Error('The build of the Lambda runtime gave no file');
  return file.text;
}
