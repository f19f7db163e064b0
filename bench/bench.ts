import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePackaged } from 'template-runtime/package';
import { burst } from './burst.ts';
import { burstTable, requestTable, shareTable } from './burst-tables.ts';
import { measureBundles } from './bundles.ts';
import { invokeLocalMedian, startUp } from './commands.ts';
import { emulatorRates } from './emulator-rates.ts';
import { emulatorLimit, emulatorTable } from './emulator-table.ts';
import { latency } from './latency.ts';
import { markdownTable } from './markdown-table.ts';
import { Report } from './report.ts';
import { runBurst } from './run-burst.ts';
import { serviceFolder, withSystem } from './with-system.ts';

const USAGE = `Usage: npm run bench [-- --write | --quick]
  --write  puts the figures into docs/performance.md as well
  --quick  a tenth of the orders and of the time, to try the program; the figures mean little`;

const options = parseOptions();
const scale = options.quick ? 0.1 : 1;
const SMALL = 1_000 * scale;
const LARGE = 5_000 * scale;
const WARM_UP_ORDERS = 500 * scale;
const LATENCY = { rate: 20, seconds: 30 * scale };
const EMULATOR_MS = 3_000 * scale;

await ensurePackaged(serviceFolder);
const report = new Report();
report.add(
  `${new Date().toISOString().slice(0, 10)}, Node.js ${process.version}, ${availableParallelism()} processors (${cpus()[0]?.model}), ${(totalmem() / 1024 ** 3).toFixed(0)} GB, ${process.platform}. State in memory.${options.quick ? ' A quick run: the figures mean little.' : ''}`,
);
const work = await reportBursts();
await reportEmulators(work);
await reportLatency();
await reportBundles();
await reportCommands();
if (options.write) await report.writeTo(join(serviceFolder, 'docs', 'performance.md'));

/** What the emulators are compared with: the large burst, and DynamoDB's requests of another. */
async function reportBursts(): Promise<Parameters<typeof emulatorRates>[1]> {
  const cold = await runBurst({ orders: SMALL, warmUpOrders: 0 });
  const small = await runBurst({ orders: SMALL, warmUpOrders: WARM_UP_ORDERS });
  const large = await runBurst({ orders: LARGE, warmUpOrders: WARM_UP_ORDERS });
  const warm = { orders: SMALL, warmUpOrders: WARM_UP_ORDERS };
  const counted = await runBurst({ ...warm, dynamoDbThroughEndpoint: true });
  const profiled = await runBurst({ ...warm, profile: true });
  const bursts = [
    { name: `${SMALL} orders, just started`, result: cold },
    { name: `${SMALL} orders, warm`, result: small },
    { name: `${LARGE} orders, warm`, result: large },
  ];
  report.add(
    `### Bursts\n\nAim: 150 orders/s end to end. Each burst has a system of its own; a warm one has brought ${WARM_UP_ORDERS} orders to their end before.`,
  );
  report.add(burstTable(bursts));
  report.add(
    `### AWS requests\n\nUntil mails and timeline are done. Functions talk straight to DynamoDB; in the last column, a burst of its own, they go through the endpoint, where they can be counted. Event source mappings receive within the process, without requests.`,
  );
  report.add(
    requestTable([...bursts, { name: `${SMALL} orders, DynamoDB counted`, result: counted }]),
  );
  report.add(
    `### The main thread\n\nFrom a burst of ${profiled.orders} orders of its own, warm and under the CPU profiler.`,
  );
  report.add(shareTable(profiled));
  return {
    ordersPerSecond: large.ordersPerSecond,
    workPerOrder: { ...counted.workPerOrder, ...large.workPerOrder },
  };
}

async function reportEmulators(burstWork: Parameters<typeof emulatorRates>[1]): Promise<void> {
  const rates = await withSystem((system) => emulatorRates(system, burstWork, EMULATOR_MS), {
    runEventSources: false,
  });
  report.add(
    `### Emulators\n\nEach operation alone, over HTTP from another process without an SDK, compared with the warm burst of ${LARGE} orders (${burstWork.ordersPerSecond.toFixed(0)} orders/s). A published message counts when the queues have it.`,
  );
  report.add(emulatorTable(rates));
  report.add(emulatorLimit(rates));
}

async function reportLatency(): Promise<void> {
  const { p50, p99, rate } = await withSystem(async (system) => {
    await burst(system, WARM_UP_ORDERS, 'warm-up');
    return latency(system, LATENCY);
  });
  report.add(
    `### Latency\n\nFrom the client's request to the published verdict at ${rate} orders/s for ${LATENCY.seconds} s, warm: p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms (aim: p99 under 300 ms).`,
  );
}

async function reportBundles(): Promise<void> {
  const bundles = await withSystem(measureBundles, { runEventSources: false });
  report.add('### Bundles\n\nImport: median of five fresh processes. Aim: under 380 KB and 85 ms.');
  report.add(
    markdownTable(
      ['function', 'KB', 'import, ms'],
      bundles.map(({ functionName, kilobytes, importMs }) => [
        functionName,
        kilobytes.toFixed(0),
        importMs.toFixed(0),
      ]),
    ),
  );
}

async function reportCommands(): Promise<void> {
  const started = await startUp(serviceFolder);
  const functionKeys = await withSystem(
    async ({ lambda }) =>
      lambda.configurations().map(({ functionName }) => functionName.split('-').at(-1) ?? ''),
    { runEventSources: false },
  );
  const invoked = await invokeLocalMedian(serviceFolder, functionKeys);
  report.add('### Commands');
  report.add(
    markdownTable(
      ['command', 'takes', 'aim'],
      [
        ['`sls local` to the first accepted order', `${started.toFixed(2)} s`, 'under 3 s'],
        [
          `\`sls invoke local\`, median of ${functionKeys.length} functions`,
          `${invoked.toFixed(2)} s`,
          'under 1.6 s',
        ],
      ],
    ),
  );
}

function parseOptions(): { write: boolean; quick: boolean } {
  const { values } = parseArgs({
    options: {
      write: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
    },
  });
  if (values.write && values.quick) {
    console.error(`The figures of a quick run are not for the documentation.\n${USAGE}`);
    process.exit(2);
  }
  return values;
}
