import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { packageIsFresh, type PackageOptions } from './package-record.ts';

/** `sls package` failed; the message is what it printed. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
}

/**
 * Packages the service unless the package in `.serverless` was asked for with the same options and
 * is newer than everything it is made of. Of several processes that need it at once, one packages
 * and the others wait.
 *
 * @returns whether it had to be packaged
 * @throws PackageError
 */
export async function ensurePackaged(
  serviceFolder: string,
  options: PackageOptions = {},
): Promise<boolean> {
  const packageFolder = join(serviceFolder, '.serverless');
  if (await packageIsFresh(serviceFolder, packageFolder, options)) return false;
  const unlock = lockPackaging(serviceFolder);
  try {
    if (await packageIsFresh(serviceFolder, packageFolder, options)) return false;
    await runPackage(serviceFolder, options);
    return true;
  } finally {
    unlock();
  }
}

/** Longer than any packaging takes. */
const LOCK_TIMEOUT_MS = 120_000;

/**
 * Waits, with the whole process, until no other one packages in this folder. The lock is SQLite's,
 * on a file of its own: the operating system takes it back however its holder ends.
 */
function lockPackaging(serviceFolder: string): () => void {
  const folder = join(serviceFolder, '.local');
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(join(folder, 'packaging.lock'), { timeout: LOCK_TIMEOUT_MS });
  lock.exec('BEGIN EXCLUSIVE');
  return () => lock.close();
}

/** The file behind the command `sls`, for the Node.js that runs this and no older one. */
export function frameworkProgram(serviceFolder: string): string {
  const manifest = createRequire(join(serviceFolder, 'package.json')).resolve('osls/package.json');
  return join(dirname(manifest), 'bin', 'serverless.js');
}

/** Runs `sls package` in a process of its own. */
function runPackage(
  serviceFolder: string,
  { stage, region, param = [] }: PackageOptions,
): Promise<void> {
  const parameters = [
    'package',
    ...(stage === undefined ? [] : ['--stage', stage]),
    ...(region === undefined ? [] : ['--region', region]),
    ...param.map((each) => `--param=${each}`),
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [frameworkProgram(serviceFolder), ...parameters], {
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
