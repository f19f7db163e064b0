import { readdir, readFile } from 'node:fs/promises';

/** Milliseconds of processor time by part of the system. */
export type CpuTime = Map<string, number>;

const MS_PER_TICK = 10;

/**
 * The processor time that each part has used so far, by the names of this process's threads (Linux;
 * elsewhere only the whole is known).
 */
export async function cpuTime(functionNamePrefix: string): Promise<CpuTime> {
  if (process.platform !== 'linux') {
    const { user, system } = process.cpuUsage();
    return new Map([['all threads', (user + system) / 1000]]);
  }
  const times: CpuTime = new Map();
  for (const thread of await readdir('/proc/self/task')) {
    const used = await threadTime(thread);
    if (!used) continue;
    const part = partOf(used.name, functionNamePrefix);
    times.set(part, (times.get(part) ?? 0) + used.ms);
  }
  return times;
}

/** What was used between two moments, divided by `count`. */
export const cpuTimeEach = (before: CpuTime, after: CpuTime, count: number): CpuTime =>
  new Map([...after].map(([part, ms]) => [part, (ms - (before.get(part) ?? 0)) / count]));

/** A function's thread has the function's name, of which the system keeps 15 characters. */
function partOf(threadName: string, functionNamePrefix: string): string {
  if (threadName === 'MainThread') return 'endpoint, SQS, SNS, SES (main thread)';
  if (functionNamePrefix.startsWith(threadName)) return 'functions (a thread each)';
  return threadName === 'WorkerThread' ? 'DynamoDB (its thread)' : 'V8 and libuv helpers';
}

async function threadTime(thread: string): Promise<{ name: string; ms: number } | undefined> {
  let text: string;
  try {
    text = await readFile(`/proc/self/task/${thread}/stat`, 'utf8');
  } catch {
    // The thread has ended since the folder was listed.
    return undefined;
  }
  const [opening, closing] = [text.indexOf('('), text.lastIndexOf(')')];
  // The name in brackets may hold blanks; the fields after it are numbered from 3.
  const fields = text.slice(closing + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { name: text.slice(opening + 1, closing), ms: ticks * MS_PER_TICK };
}
