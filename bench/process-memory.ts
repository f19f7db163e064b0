import { readdir, readFile } from 'node:fs/promises';

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
