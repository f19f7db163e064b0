import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { hasErrorCode } from '../error-code.ts';

/** How another command finds the local system that `npm start` runs in this folder. */
export interface RunningSystem {
  url: string;
  pid: number;
  service: string;
  stage: string;
}

const schema = z.object({
  url: z.url(),
  pid: z.int(),
  service: z.string(),
  stage: z.string(),
});

const PROBE_TIMEOUT_MS = 1_000;

const fileIn = (serviceFolder: string): string => join(serviceFolder, '.local', 'running.json');

export async function announceRunning(
  serviceFolder: string,
  running: RunningSystem,
): Promise<void> {
  await mkdir(join(serviceFolder, '.local'), { recursive: true });
  await writeFile(fileIn(serviceFolder), `${JSON.stringify(running, undefined, 2)}\n`);
}

/** Takes the announcement back, unless another system has replaced it in the meantime. */
export async function withdrawRunning(serviceFolder: string): Promise<void> {
  const announced = await readAnnouncement(serviceFolder);
  if (announced?.pid === process.pid) await rm(fileIn(serviceFolder), { force: true });
}

/**
 * The system that runs in this folder. An announcement that a killed system has left behind counts
 * for nothing: its process must be alive and its endpoint must answer.
 */
export async function findRunning(serviceFolder: string): Promise<RunningSystem | undefined> {
  const announced = await readAnnouncement(serviceFolder);
  if (!announced || !processIsAlive(announced.pid)) return undefined;
  return (await endpointAnswers(announced.url)) ? announced : undefined;
}

async function readAnnouncement(serviceFolder: string): Promise<RunningSystem | undefined> {
  let text: string;
  try {
    text = await readFile(fileIn(serviceFolder), 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  return parseAnnouncement(text);
}

/** A half-written file is no announcement. */
function parseAnnouncement(text: string): RunningSystem | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  return schema.safeParse(json).data;
}

function processIsAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: alive, and another user's.
    return hasErrorCode(error, 'EPERM');
  }
}

async function endpointAnswers(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/_local/resources', url), {
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Nobody listens, or nobody in time: both mean that nothing runs there.
    return false;
  }
}
