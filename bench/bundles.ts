import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { System } from 'template-runtime/system';
import { percentile } from './latency.ts';
import { runNode } from './run-node.ts';

export interface BundleResult {
  functionName: string;
  kilobytes: number;
  /** Median of several fresh processes. */
  importMs: number;
}

const IMPORTS = 5;

/** Size and import time of every function's bundle, each import in a process of its own. */
export async function measureBundles(system: System): Promise<BundleResult[]> {
  const results: BundleResult[] = [];
  for (const { functionName, handler, codeFolder } of system.lambda.configurations()) {
    const bundle = join(codeFolder, `${handler.slice(0, handler.lastIndexOf('.'))}.js`);
    const times: number[] = [];
    for (let run = 0; run < IMPORTS; run += 1) times.push(await importTime(bundle));
    const { size } = await stat(bundle);
    results.push({ functionName, kilobytes: size / 1000, importMs: percentile(times, 50) });
  }
  return results;
}

async function importTime(bundle: string): Promise<number> {
  const program = `const start = performance.now();
    await import(${JSON.stringify(pathToFileURL(bundle).href)});
    console.log(performance.now() - start);`;
  const { stdout } = await runNode(['--input-type=module', '--eval', program]);
  return Number(stdout);
}
