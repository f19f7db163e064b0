import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { hasErrorCode } from '../errors/error-code.ts';
import { parseJson } from '../json/parse-json.ts';

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
  /** Milliseconds since the epoch. */
  announcedAt: z.number(),
});
type Announcement = z.infer<typeof schema>;

const PROBE_TIMEOUT_MS = 1_000;

/** One file per system: a second one in the same folder must not hide the first for good. */
const folderIn = (serviceFolder: string): string => join(serviceFolder, '.local', 'running');
const fileOf = (serviceFolder: string, pid: number): string =>
  join(folderIn(serviceFolder), `${pid}.json`);

export async function announceRunning(
  serviceFolder: string,
  running: RunningSystem,
): Promise<void> {
  const announcement: Announcement = { ...running, announcedAt: Date.now() };
  await mkdir(folderIn(serviceFolder), { recursive: true });
  await writeFile(
    fileOf(serviceFolder, running.pid),
    `${JSON.stringify(announcement, undefined, 2)}\n`,
  );
}

/** Takes the announcement of this process back. */
export async function withdrawRunning(serviceFolder: string): Promise<void> {
  await rm(fileOf(serviceFolder, process.pid), { force: true });
}

/**
 * The system that runs this service in this folder, in this stage where one is given; the latest one
 * if there are several. An announcement that a
 * killed system has left behind counts for nothing: its process must be alive and its endpoint must
 * answer.
 */
export async function findRunning(
  serviceFolder: string,
  wanted: Partial<Pick<RunningSystem, 'service' | 'stage'>> = {},
): Promise<RunningSystem | undefined> {
  const latestFirst = (await readAnnouncements(serviceFolder))
    .filter(
      ({ service, stage }) =>
        service === (wanted.service ?? service) && stage === (wanted.stage ?? stage),
    )
    .toSorted((left, right) => right.announcedAt - left.announcedAt);
  for (const { announcedAt: _announcedAt, ...running } of latestFirst) {
    if (processIsAlive(running.pid) && (await endpointAnswers(running.url))) return running;
  }
  return undefined;
}

async function readAnnouncements(serviceFolder: string): Promise<Announcement[]> {
  const folder = folderIn(serviceFolder);
  const names = await unlessMissing(readdir(folder), []);
  const texts = await Promise.all(
    names.map((name) => unlessMissing(readFile(join(folder, name), 'utf8'), '')),
  );
  return texts.flatMap((text) => parseAnnouncement(text) ?? []);
}

/** No system has announced itself yet, or one has just taken its announcement back. */
async function unlessMissing<T>(read: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return otherwise;
    throw error;
  }
}

/** A half-written file is no announcement. */
function parseAnnouncement(text: string): Announcement | undefined {
  return schema.safeParse(parseJson(text)).data;
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
