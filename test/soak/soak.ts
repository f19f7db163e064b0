import { parseArgs } from 'node:util';
import { runScenario, SoakStuckError, type SoakResult } from './run-scenario.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { failuresOf } from './verdict.ts';

const USAGE = `Usage: npm run soak -- [--orders 1000] [--seed 1] [--fault <name>,…]

Runs the packaged service under each fault, and looks that no order is lost and none is doubled.

Faults:
${SCENARIOS.map(({ name, what }) => `  ${name.padEnd(22)}${what}`).join('\n')}`;

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    fault: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const orders = Number(values.orders);
const seed = Number(values.seed);
const names = values.fault?.split(',') ?? SCENARIOS.map(({ name }) => name);
const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (values.help || unknown.length > 0 || !(orders >= 2) || !Number.isInteger(seed)) {
  if (unknown.length > 0) console.error(`There is no fault ${unknown.join(', ')}.\n`);
  console.log(USAGE);
  process.exit(values.help ? 0 : 2);
}

let failed = false;
for (const scenario of SCENARIOS.filter(({ name }) => names.includes(name))) {
  process.stdout.write(`${scenario.name}: ${scenario.what}\n`);
  const failures = await run(scenario);
  if (failures.length > 0) failed = true;
  for (const failure of failures) console.log(`  ✗ ${failure}`);
}
process.exitCode = failed ? 1 : 0;

async function run(scenario: Scenario): Promise<string[]> {
  try {
    const result = await runScenario(scenario, { orders, seed });
    console.log(`  ${inWords(result)}`);
    return failuresOf(scenario, result);
  } catch (error) {
    if (error instanceof SoakStuckError) return [error.message];
    throw error;
  }
}

function inWords(result: SoakResult): string {
  const mails = result.ordersByMails.map((count, index) => `${count} with ${index}`).slice(1);
  return [
    `${result.accepted} orders accepted, ${result.refused} refused, faults struck ${result.struck} times`,
    `${result.lost.length} lost, ${result.doubled.length} doubled, mails: ${mails.join(', ') || 'none'}`,
    `${result.deadLetters} dead letters`,
    `${result.megabytes.map((size) => size.toFixed(0)).join(' → ')} MB, ${result.seconds.toFixed(0)} s`,
  ].join('; ');
}
