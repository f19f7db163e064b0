import { parseArgs } from 'node:util';
import { findStack, STACK_USAGE, stackOptions } from './deployed-stack.ts';
import {
  destinationOf,
  nameOf,
  planRedrive,
  redriveClients,
  RedriveError,
  type RedriveClients,
  type RedrivePlan,
} from './redrive-plan.ts';
import { redrive } from './redrive-queue.ts';

const USAGE = `Usage: npm run redrive -- --from <queue> [options]
       npm run redrive -- --all [options]

Brings the letters of a dead-letter queue back to where they belong: to the queue that they came from,
or that SNS could not deliver them to, or to the function that failed. A letter that fails again is kept.

  --from <queue>   logical id or name of the dead-letter queue, or of the queue that it belongs to
  --all            every dead-letter queue of the stack
  --dry-run        say what would be done, and do nothing
  --rate <number>  letters per second, 1 to 500
${STACK_USAGE}`;

const LOCAL_POLL_MS = 50;
const AWS_POLL_MS = 1_000;
const MAXIMUM_RATE = 500;

const options = {
  ...stackOptions,
  from: { type: 'string' },
  all: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  rate: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if ((values.from === undefined) !== values.all) throw new RedriveError(USAGE);
  const rate = rateOf(values.rate);
  const { resources, clientSettings } = await findStack(process.cwd(), values);
  const clients = redriveClients(clientSettings);
  for (const plan of await planRedrive(clients, resources, values.from)) {
    const from = nameOf(plan.deadLetterQueueArn);
    if (plan.waiting === 0) {
      console.log(`${from} is empty: there is nothing to move.`);
      continue;
    }
    console.log(`${from} → ${destinationOf(plan)}: ${plan.waiting} waiting`);
    if (values['dry-run']) continue;
    await carryOut(clients, plan, { rate, pollMs: values.aws ? AWS_POLL_MS : LOCAL_POLL_MS });
  }
}

async function carryOut(
  clients: RedriveClients,
  plan: RedrivePlan,
  settings: { rate: number | undefined; pollMs: number },
): Promise<void> {
  const { moved, kept } = await redrive(clients, plan, {
    ...settings,
    onProgress: (progress) => console.log(`  ${progress}`),
  });
  console.log(`${moved} moved${kept.length === 0 ? '' : `, ${kept.length} kept`}.`);
  for (const { messageId, reason } of kept) console.log(`  ${messageId}: ${reason}`);
  if (kept.length > 0) process.exitCode = 1;
}

function rateOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(text);
  if (Number.isInteger(rate) && rate >= 1 && rate <= MAXIMUM_RATE) return rate;
  throw new RedriveError(`--rate must be a whole number from 1 to ${MAXIMUM_RATE}, not ${text}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error.name === 'Error' ? error : error.message);
  process.exitCode = 1;
}
