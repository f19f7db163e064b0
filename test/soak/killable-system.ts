import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';

const resources = z.object({
  resources: z.array(z.object({ logicalId: z.string(), type: z.string(), physicalId: z.string() })),
});
export type Resource = z.infer<typeof resources>['resources'][number];

/** The packaged service in a process of its own, with its state in a folder. */
export interface KillableSystem {
  url: string;
  resources: Resource[];
  /** Ends the process at once, wherever it is (SIGKILL). */
  kill: () => Promise<void>;
  /** Resident memory, with that of every function. */
  megabytes: () => Promise<number>;
}

export async function startKillable(options: {
  dataDir: string;
  maxReceiveCount: number;
}): Promise<KillableSystem> {
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, 'system-program.ts'),
      `--data-dir=${options.dataDir}`,
      `--max-receive-count=${options.maxReceiveCount}`,
    ],
    { env: { ...process.env, NODE_OPTIONS: '' }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  const line = once(createInterface(child.stdout), 'line');
  const url = await Promise.race([
    line.then(([text]) => String(text)),
    exited.then(([code]) => {
      throw new Error(`The system ended with code ${code} instead of starting`);
    }),
  ]);
  const response = await fetch(new URL('/_local/resources', url));
  return {
    url,
    resources: resources.parse(await response.json()).resources,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    megabytes: async () => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
    },
  };
}
