import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasErrorCode } from '../../errors/error-code.ts';

const PREFIX = 'template-runtime-dynamodb-';
const LEFT_BEHIND_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * A folder for tables that live as long as this process. dynalite's own store in memory takes five
 * times as much of it, and is gone when its thread ends.
 */
export class TemporaryStore {
  readonly path: string;

  constructor() {
    removeLeftBehind();
    this.path = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A killed process cannot remove its folder. */
function removeLeftBehind(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(tmpdir(), name);
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if (isAlive(pid) || !isOld(path)) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: alive, and another user's.
    return !hasErrorCode(error, 'ESRCH');
  }
}

/** Another process may have removed it by now. */
function isOld(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > LEFT_BEHIND_AFTER_MS;
}
