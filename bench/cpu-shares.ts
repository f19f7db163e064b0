import { Session, type Profiler } from 'node:inspector/promises';

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
  const partByNode = new Map(profile.nodes.map((node) => [node.id, partOf(node)]));
  const samples = profile.samples ?? [];
  const shares: CpuShares = new Map();
  for (const sample of samples) {
    const part = partByNode.get(sample) ?? 'unknown';
    shares.set(part, (shares.get(part) ?? 0) + 1 / samples.length);
  }
  return new Map([...shares].toSorted(([, left], [, right]) => right - left));
}

/** `local/sqs`, `node`, `idle`, or the name of a package. */
function partOf({ callFrame: { url, functionName } }: Profiler.ProfileNode): string {
  if (functionName === '(idle)') return 'idle';
  if (functionName === '(garbage collector)') return 'garbage collector';
  const dependency = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (dependency !== undefined) return dependency;
  const folder = /\/(local\/[^/]+)\//.exec(url)?.[1];
  if (folder !== undefined) return folder;
  return url.includes('/bench/') ? 'bench' : 'node';
}
