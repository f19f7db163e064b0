import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { Session, type Profiler } from 'node:inspector/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs this Node.js with `parameters` and gives what it printed. */
export const runNode = (
  parameters: string[],
  { cwd }: { cwd?: string } = {},
): Promise<{ stdout: string; stderr: string }> =>
  execute(process.execPath, parameters, { maxBuffer: MAX_OUTPUT_BYTES, ...(cwd ? { cwd } : {}) });

/** Milliseconds of processor time by part of the system. */
export type CpuTime = Map<string, number>;

const MS_PER_TICK = 10;

/**
 * The processor time that each part has used so far, by the names of this process's threads and by
 * the processes of functions that live (Linux; elsewhere only this process's whole is known).
 *
 * @param functionNames the functions' processes have one of these as their last argument
 */
export async function cpuTime(functionNames: ReadonlySet<string>): Promise<CpuTime> {
  if (process.platform !== 'linux') {
    const { user, system } = process.cpuUsage();
    return new Map([['all threads', (user + system) / 1000]]);
  }
  const times: CpuTime = new Map();
  for (const thread of await readdir('/proc/self/task')) {
    const used = await timeIn(`/proc/self/task/${thread}/stat`);
    if (!used) continue;
    const part = partOf(used.name);
    times.set(part, (times.get(part) ?? 0) + used.ms);
  }
  times.set('functions (a process each)', await functionTime(functionNames));
  return times;
}

async function functionTime(functionNames: ReadonlySet<string>): Promise<number> {
  let total = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const used = await timeIn(`/proc/${pid}/stat`);
    if (used?.parent !== process.pid) continue;
    const command = await textOf(`/proc/${pid}/cmdline`);
    const lastArgument = command?.split('\0').findLast((argument) => argument !== '');
    if (lastArgument !== undefined && functionNames.has(lastArgument)) total += used.ms;
  }
  return total;
}

/** What was used between two moments, divided by `count`. */
export const cpuTimeEach = (before: CpuTime, after: CpuTime, count: number): CpuTime =>
  new Map([...after].map(([part, ms]) => [part, (ms - (before.get(part) ?? 0)) / count]));

function partOf(threadName: string): string {
  if (threadName === 'MainThread') return 'endpoint, SQS, SNS, SES (main thread)';
  return threadName === 'WorkerThread' ? 'DynamoDB (its thread)' : 'V8 and libuv helpers';
}

async function timeIn(
  statFile: string,
): Promise<{ name: string; parent: number; ms: number } | undefined> {
  const text = await textOf(statFile);
  if (text === undefined) return undefined;
  const [opening, closing] = [text.indexOf('('), text.lastIndexOf(')')];
  // The name in brackets may hold blanks; the fields after it are numbered from 3.
  const fields = text.slice(closing + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return {
    name: text.slice(opening + 1, closing),
    parent: Number(fields[1]),
    ms: ticks * MS_PER_TICK,
  };
}

/** Undefined when the thread or process has ended since the folder was listed. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Where the time of the system's main thread went, as shares of 1 by part of the program. */
export type CpuShares = Map<string, number>;

/** Runs `work` under the CPU profiler and adds up the time of each part of the program. */
export async function withCpuProfile<T>(
  work: () => Promise<T>,
): Promise<{ result: T; shares: CpuShares }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 1_000 });
  await session.post('Profiler.start');
  try {
    const result = await work();
    const { profile } = await session.post('Profiler.stop');
    return { result, shares: sharesOf(profile) };
  } finally {
    session.disconnect();
  }
}

function sharesOf(profile: Profiler.Profile): CpuShares {
  const partByNode = new Map(profile.nodes.map((node) => [node.id, nodePartOf(node)]));
  const samples = profile.samples ?? [];
  const shares: CpuShares = new Map();
  for (const sample of samples) {
    const part = partByNode.get(sample) ?? 'unknown';
    shares.set(part, (shares.get(part) ?? 0) + 1 / samples.length);
  }
  return new Map([...shares].toSorted(([, left], [, right]) => right - left));
}

/** `local/sqs`, `node`, `idle`, or the name of a package. */
function nodePartOf({ callFrame: { url, functionName } }: Profiler.ProfileNode): string {
  if (functionName === '(idle)') return 'idle';
  if (functionName === '(garbage collector)') return 'garbage collector';
  const dependency = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (dependency !== undefined) return dependency;
  const folder = /\/(local\/[^/]+)\//.exec(url)?.[1];
  if (folder !== undefined) return folder;
  return url.includes('/bench/') ? 'bench' : 'node';
}

const SAMPLE_MS = 200;

/**
 * Watches the memory of this process and of every process below it (Linux). What processes share,
 * such as the program text of Node.js, is counted once.
 */
export class MemoryWatch {
  readonly #timer: NodeJS.Timeout;
  #peakBytes = 0;

  constructor() {
    this.#timer = setInterval(() => {
      void this.#sample();
    }, SAMPLE_MS);
  }

  get peakMegabytes(): number {
    return this.#peakBytes / 1024 / 1024;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #sample(): Promise<void> {
    this.#peakBytes = Math.max(this.#peakBytes, await treeBytes());
  }
}

/** Without /proc only this process is counted. */
async function treeBytes(): Promise<number> {
  if (process.platform !== 'linux') return process.memoryUsage.rss();
  const processes = await allProcesses();
  let total = 0;
  let generation = new Set([process.pid]);
  while (generation.size > 0) {
    const parents = generation;
    for (const { pid, bytes } of processes) if (parents.has(pid)) total += bytes;
    generation = new Set(
      processes.filter(({ parent }) => parents.has(parent)).map(({ pid }) => pid),
    );
  }
  return total;
}

async function allProcesses(): Promise<{ pid: number; parent: number; bytes: number }[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        const [status, memory] = await Promise.all([
          readFile(`/proc/${name}/status`, 'utf8'),
          readFile(`/proc/${name}/smaps_rollup`, 'utf8'),
        ]);
        return {
          pid: Number(name),
          parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0),
          bytes: Number(/^Pss:\s+(\d+)/m.exec(memory)?.[1] ?? 0) * 1024,
        };
      } catch {
        // The process has ended since the folder was listed.
        return undefined;
      }
    }),
  );
  return found.filter((each) => each !== undefined);
}
