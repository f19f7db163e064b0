import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePackaged } from 'template-runtime/package';
import { compareWith } from './against.ts';
import { burst, runBurst } from './burst.ts';
import { latency } from './latency.ts';
import { Report, burstTable, markdownTable, requestTable, shareTable } from './report.ts';
import { invokeLocalMedian, measureBundles, startUp } from './start-up.ts';
import { serviceFolder, withSystem } from './with-system.ts';

const USAGE = `Usage: npm run bench [-- --write | --quick | --against REF]
  --write  puts the figures into docs/performance.md as well
  --quick  a tenth of the orders and of the time, to try the program; the figures mean little
  --against REF  runs bursts on that commit and on the working tree in turn, and compares them`;

const options = parseOptions();
const scale = options.quick ? 0.1 : 1;
const SMALL = 1_000 * scale;
const LARGE = 5_000 * scale;
const WARM_UP_ORDERS = 500 * scale;
const WARM = { orders: SMALL, warmUpOrders: WARM_UP_ORDERS };
const ROUNDS = 5;
const LATENCY = { rate: 20, seconds: 30 * scale };

await ensurePackaged(serviceFolder);
if (options.against === undefined) await reportAll();
else console.log(await compareWith(options.against, WARM, ROUNDS));

async function reportAll(): Promise<void> {
  const report = new Report();
  report.add(
    `${new Date().toISOString().slice(0, 10)}, Node.js ${process.version}, ${availableParallelism()} processors (${cpus()[0]?.model}), ${(totalmem() / 1024 ** 3).toFixed(0)} GB, ${process.platform}. State in memory.${options.quick ? ' A quick run: the figures mean little.' : ''}`,
  );
  await reportBursts(report);
  await reportLatency(report);
  await reportBundles(report);
  await reportCommands(report);
  if (options.write) await report.writeTo(join(serviceFolder, 'docs', 'performance.md'));
}

async function reportBursts(report: Report): Promise<void> {
  const cold = await runBurst({ orders: SMALL, warmUpOrders: 0 });
  const small = await runBurst(WARM);
  const large = await runBurst({ orders: LARGE, warmUpOrders: WARM_UP_ORDERS });
  const counted = await runBurst({ ...WARM, dynamoDbThroughEndpoint: true });
  const profiled = await runBurst({ ...WARM, profile: true });
  const bursts = [
    { name: `${SMALL} orders, just started`, result: cold },
    { name: `${SMALL} orders, warm`, result: small },
    { name: `${LARGE} orders, warm`, result: large },
  ];
  report.add(
    `### Bursts\n\nAim: 200 orders/s end to end. Each burst has a system of its own; a warm one has brought ${WARM_UP_ORDERS} orders to their end before.`,
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
}

async function reportLatency(report: Report): Promise<void> {
  const { p50, p99, rate } = await withSystem(async (system) => {
    await burst(system, WARM_UP_ORDERS, 'warm-up');
    return latency(system, LATENCY);
  });
  report.add(
    `### Latency\n\nFrom the client's request to the published verdict at ${rate} orders/s for ${LATENCY.seconds} s, warm: p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms (aim: p99 under 300 ms).`,
  );
}

async function reportBundles(report: Report): Promise<void> {
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

async function reportCommands(report: Report): Promise<void> {
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
        ['`sls local` to the first accepted order', `${started.toFixed(2)} s`, '2 s'],
        [
          `\`sls invoke local\`, median of ${functionKeys.length} functions`,
          `${invoked.toFixed(2)} s`,
          '1 s',
        ],
      ],
    ),
  );
}

function parseOptions(): { write: boolean; quick: boolean; against?: string } {
  const { values } = parseArgs({
    options: {
      write: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      against: { type: 'string' },
    },
  });
  if (values.write && values.quick) {
    console.error(`The figures of a quick run are not for the documentation.\n${USAGE}`);
    process.exit(2);
  }
  return values;
}
