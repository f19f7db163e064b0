import { availableParallelism } from 'node:os';
import { ensurePackaged } from '../local/build/fresh-package.ts';
import { compileCacheOf, openPackage } from '../local/commands/packaged-service.ts';
import { startSystem, type System } from '../local/system/start-system.ts';
import { burst, type BurstResult } from './burst.ts';
import { measureBundles } from './bundles.ts';
import { invokeLocalMedian, startUp } from './commands.ts';
import { latency } from './latency.ts';
import { markdownTable } from './markdown-table.ts';

const BURSTS = [1_000, 5_000];
const WARM_UP_ORDERS = 100;
const LATENCY = { rate: 20, seconds: 30 };
const MOST_SHARES = 8;

const serviceFolder = new URL('..', import.meta.url).pathname;

await ensurePackaged(serviceFolder);
console.log(`Node.js ${process.version}, ${availableParallelism()} processors, state in memory\n`);
for (const orders of BURSTS) report(await withSystem((system) => burst(system, orders)));
await withSystem(async (system) => {
  await burst(system, WARM_UP_ORDERS);
  const { p50, p99, rate } = await latency(system, LATENCY);
  console.log(
    `\nPlaced to verdict at ${rate} orders/s: p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms (aim: p99 under 300 ms)`,
  );
  const bundles = await measureBundles(system);
  console.log('\nBundles (aim: under 380 KB and 85 ms)\n');
  console.log(
    markdownTable(
      ['function', 'KB', 'import, ms'],
      bundles.map(({ functionName, kilobytes, importMs }) => [
        functionName,
        kilobytes.toFixed(0),
        importMs.toFixed(0),
      ]),
    ),
  );
});
console.log(
  `\nsls local to the first accepted order: ${(await startUp(serviceFolder)).toFixed(2)} s (aim: under 3 s)`,
);
const functionKeys = await withSystem(async (system) =>
  system.resources
    .filter(({ type }) => type === 'AWS::Lambda::Function')
    .map(({ physicalId }) => physicalId.split('-').at(-1) ?? physicalId),
);
console.log(
  `sls invoke local, median of ${functionKeys.length} functions: ${(await invokeLocalMedian(serviceFolder, functionKeys)).toFixed(2)} s (aim: under 1.6 s)`,
);

async function withSystem<T>(use: (system: System) => Promise<T>): Promise<T> {
  const system = await startSystem({
    ...(await openPackage(serviceFolder)),
    port: 0,
    anyPortIfTaken: true,
    runEventSources: true,
    compileCacheFolder: compileCacheOf(serviceFolder),
  });
  try {
    return await use(system);
  } finally {
    await system.stop();
  }
}

function report(result: BurstResult): void {
  console.log(`\nA burst of ${result.orders} orders (aim: 150 orders/s end to end)\n`);
  console.log(
    markdownTable(
      ['measure', 'value'],
      [
        ['accepted', `${result.orders - result.refused} of ${result.orders}`],
        ['accepted per second', result.acceptedPerSecond.toFixed(0)],
        ['all Shipped or Declined after', `${result.allEndedSeconds.toFixed(1)} s`],
        ['orders per second, end to end', result.ordersPerSecond.toFixed(0)],
        ...[...result.requestsPerOrder].map(([what, count]) => [
          `${what} per order`,
          count.toFixed(1),
        ]),
        ['peak memory, all processes', `${result.peakMegabytes.toFixed(0)} MB`],
        ...[...result.cpuTimePerOrder].map(([part, ms]) => [
          `CPU per order: ${part}`,
          `${ms.toFixed(1)} ms`,
        ]),
        ...[...result.cpuShares]
          .slice(0, MOST_SHARES)
          .map(([part, share]) => [`main thread in ${part}`, `${(share * 100).toFixed(0)} %`]),
      ],
    ),
  );
}
