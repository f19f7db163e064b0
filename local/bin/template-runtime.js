#!/usr/bin/env node
// Plain JavaScript, so that an older Node.js can at least hand over to one that runs TypeScript.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../run/command.ts', import.meta.url));
const parameters = process.argv.slice(2);

/** The least version whose SQLite, type stripping and compile cache are all that is needed. */
const NEEDED = 24;

/** Packages that bring Node.js for one platform, as `npm install node@24` does, and `node` itself. */
const PACKAGES = [
  `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
  `node-bin-${process.platform}-${process.arch}`,
  'node',
];

/** The Node.js that such a package brings, where the project or this runtime has installed one. */
function packagedNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const folders = [process.cwd(), fileURLToPath(new URL('..', import.meta.url))];
  return folders
    .flatMap((folder) => createRequire(join(folder, 'package.json')).resolve.paths('node') ?? [])
    .flatMap((modules) => PACKAGES.map((name) => join(modules, name, 'bin', file)))
    .find((path) => existsSync(path));
}

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  await import(program);
} else {
  const node = packagedNode();
  if (node === undefined) {
    console.error(
      `template-runtime needs Node.js ${NEEDED}, and this is ${process.versions.node}. Install it, or add it to the project: npm install --save-dev node@${NEEDED}`,
    );
    process.exitCode = 1;
  } else {
    const child = spawn(node, [program, ...parameters], { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.once('error', (error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
    child.once('exit', (code) => {
      process.exitCode = code ?? 1;
    });
  }
}
