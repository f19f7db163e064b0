import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { hasErrorCode } from '../error-code.ts';

/** `sls package` failed; the message is what it printed. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
}

/** What the package is made of, relative to the service. */
const SOURCES = [
  'serverless.yml',
  'package-lock.json',
  'functions',
  'shared',
  'resources',
  'local/build',
];

const TEMPLATE = '.serverless/cloudformation-template-update-stack.json';

/**
 * Packages the service unless the package in `.serverless` is newer than everything it is made of.
 *
 * @returns whether it had to be packaged
 * @throws PackageError
 */
export async function ensurePackaged(serviceFolder: string): Promise<boolean> {
  const packagedAt = await modifiedAt(join(serviceFolder, TEMPLATE));
  const changedAt = await Promise.all(
    SOURCES.map((source) => newestWithin(join(serviceFolder, source))),
  );
  if (packagedAt > Math.max(...changedAt)) return false;
  await runPackage(serviceFolder);
  return true;
}

/** The file behind the command `sls`, for the Node.js that runs this and no older one. */
export const frameworkProgram = (serviceFolder: string): string =>
  join(
    createRequire(join(serviceFolder, 'package.json')).resolve('osls/package.json'),
    '..',
    'bin',
    'serverless.js',
  );

/** Runs `sls package` in a process of its own. */
function runPackage(serviceFolder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [frameworkProgram(serviceFolder), 'package'], {
      cwd: serviceFolder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => output.push(text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new PackageError(`sls package failed:\n${output.join('').trim()}`));
    });
  });
}

/** A service need not have every one of the folders. */
async function newestWithin(path: string): Promise<number> {
  const entry = await stat(path).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (!entry) return 0;
  if (!entry.isDirectory()) return entry.mtimeMs;
  const names = await readdir(path);
  const times = await Promise.all(names.map((name) => newestWithin(join(path, name))));
  // The folder's own time tells of files that were removed.
  return Math.max(entry.mtimeMs, ...times);
}

async function modifiedAt(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return 0;
    throw error;
  }
}
