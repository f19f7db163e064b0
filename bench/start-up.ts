import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { frameworkProgram } from 'template-runtime/package';
import type { System } from 'template-runtime/system';
import { pencils, Shop } from '../labs/stage/shop.ts';
import { percentile } from './latency.ts';
import { runNode } from './processes.ts';

const RETRY_MS = 10;

/** Seconds from `sls local` to the first order that is accepted. */
export async function startUp(serviceFolder: string): Promise<number> {
  const port = await freePort();
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [frameworkProgram(serviceFolder), 'local', `--port=${port}`, '--quiet'],
    { cwd: serviceFolder, stdio: 'ignore' },
  );
  const exited = once(child, 'exit');
  try {
    while (!(await accepts(`http://127.0.0.1:${port}`))) {
      if (child.exitCode !== null) throw new Error(`sls local ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    return (performance.now() - start) / 1000;
  } finally {
    child.kill('SIGINT');
    await exited;
  }
}

/** The median of `sls invoke local` over the functions, each with its first sample event. */
export async function invokeLocalMedian(
  serviceFolder: string,
  functionKeys: readonly string[],
): Promise<number> {
  const seconds: number[] = [];
  for (const functionKey of functionKeys) {
    const start = performance.now();
    await runNode(
      [frameworkProgram(serviceFolder), 'invoke', 'local', '--isolated', '-f', functionKey],
      { cwd: serviceFolder },
    );
    seconds.push((performance.now() - start) / 1000);
  }
  return percentile(seconds, 50);
}

async function accepts(url: string): Promise<boolean> {
  try {
    const { status } = await new Shop(url).place(pencils('first'));
    return status === 202;
  } catch {
    // It does not listen yet.
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port');
  return address.port;
}

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
