import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensurePackaged } from 'template-runtime/package';
import { type BurstPlan, type BurstResult, runBurst } from './burst.ts';
import { percentile } from './latency.ts';
import { markdownTable } from './report.ts';
import { serviceFolder } from './with-system.ts';

const git = promisify(execFile);

/**
 * Runs the same burst on an earlier commit and on the working tree in turn, and compares the medians:
 * a machine's speed drifts, and what runs side by side drifts together.
 *
 * @param ref a commit whose bench/burst.ts takes the same options
 * @returns a Markdown table
 */
export async function compareWith(ref: string, plan: BurstPlan, rounds: number): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'bench-against-')), 'tree');
  await git('git', ['worktree', 'add', '--detach', folder, ref], { cwd: serviceFolder });
  try {
    await linkDependencies(folder);
    await ensurePackaged(folder);
    const before: BurstResult[] = [];
    const after: BurstResult[] = [];
    for (let round = 0; round < rounds; round += 1) {
      before.push(await runBurst(plan, folder));
      after.push(await runBurst(plan));
    }
    return comparison(ref, before, after);
  } finally {
    await git('git', ['worktree', 'remove', '--force', folder], { cwd: serviceFolder });
    await rm(join(folder, '..'), { recursive: true, force: true });
  }
}

/** The dependencies of this tree, but the local runtime of the other one. */
async function linkDependencies(folder: string): Promise<void> {
  const installed = join(serviceFolder, 'node_modules');
  const target = join(folder, 'node_modules');
  await mkdir(target);
  for (const name of await readdir(installed)) {
    const workspace = name === 'template-runtime';
    await symlink(workspace ? join('..', 'local') : join(installed, name), join(target, name));
  }
}

const MEASURES: Readonly<Record<string, (result: BurstResult) => number>> = {
  'orders per second, end to end': ({ ordersPerSecond }) => ordersPerSecond,
  'peak memory, MB': ({ peakMegabytes }) => peakMegabytes,
  'processor time per order, ms': ({ cpuTimePerOrder }) =>
    Object.values(cpuTimePerOrder).reduce((total, ms) => total + ms, 0),
};

function comparison(ref: string, before: BurstResult[], after: BurstResult[]): string {
  return markdownTable(
    [`median of ${before.length}`, ref, 'working tree', 'ratio'],
    Object.entries(MEASURES).map(([name, of]) => {
      const [old, now] = [before, after].map((results) => percentile(results.map(of), 50));
      if (old === undefined || now === undefined) return [name];
      return [name, old.toFixed(1), now.toFixed(1), (now / old).toFixed(2)];
    }),
  );
}
