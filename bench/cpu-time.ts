import { readdir, readFile } from 'node:fs/promises';

/** Milliseconds of processor time. */
export interface CpuTime {
  /** The thread with the endpoint, the queues and the topics. */
  mainThread: number;
  /** The DynamoDB thread, and the helpers of V8. */
  otherThreads: number;
  /** The functions: every process below this one (Linux). */
  functionProcesses: number;
}

const MS_PER_TICK = 10;

/** The processor time used so far. */
export async function cpuTime(): Promise<CpuTime> {
  const whole = process.cpuUsage();
  const thread = process.threadCpuUsage();
  const mainThread = (thread.user + thread.system) / 1000;
  return {
    mainThread,
    otherThreads: (whole.user + whole.system) / 1000 - mainThread,
    functionProcesses: process.platform === 'linux' ? await childrenTime() : 0,
  };
}

/** What was used between two moments. */
export const cpuTimeBetween = (before: CpuTime, after: CpuTime): CpuTime => ({
  mainThread: after.mainThread - before.mainThread,
  otherThreads: after.otherThreads - before.otherThreads,
  functionProcesses: after.functionProcesses - before.functionProcesses,
});

/** The direct children that live, the load generator's time left out because it has ended. */
async function childrenTime(): Promise<number> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const times = await Promise.all(names.map(childTime));
  return times.reduce((total, time) => total + time, 0);
}

async function childTime(pid: string): Promise<number> {
  let text: string;
  try {
    text = await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // The process has ended since the folder was listed.
    return 0;
  }
  // The name in brackets may hold blanks; the fields after it are numbered from 3.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
  return parent === process.pid ? ((user ?? 0) + (system ?? 0)) * MS_PER_TICK : 0;
}
