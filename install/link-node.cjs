'use strict';

/**
 * Runs after `npm ci`. The packages that bring Node.js for one platform each have a command `node`,
 * and npm 10, which comes with Node.js 20 and 22, removes that command again with the packages of the
 * other platforms. Here it is linked once more; later versions of npm leave nothing to do.
 */
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const modules = join(root, 'node_modules');
const { optionalDependencies } = require('../package.json');

const command = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
const installed = Object.keys(optionalDependencies).find((name) => existsSync(join(modules, name)));

if (installed === undefined) {
  console.warn(
    `No Node.js comes with this project for ${process.platform} ${process.arch}: yours must be 24 or newer.`,
  );
} else if (!existsSync(command)) {
  const { status } = spawnSync(process.execPath, [process.env.npm_execpath, 'rebuild', installed], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
