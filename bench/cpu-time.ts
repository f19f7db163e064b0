import { readdir, readFile } from 'node:fs/promises';

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
