import { parseArgs } from 'node:util';
import * as z from 'zod';
import { FAULT_KINDS, propertiesOf, type FaultKind } from '../faults/fault.ts';
import { findRunning } from './running-system.ts';

const USAGE = `Usage: npm run fault                                list the faults that are on
       npm run fault -- <kind> [--<name> <value> …]   add one
       npm run fault -- end [<id>]                    end one, or all

Kinds, and the names that each takes:
${FAULT_KINDS.map((kind) => `  ${kind.padEnd(20)}${propertiesOf(kind).join(', ')}`).join('\n')}

On the system that AWS_ENDPOINT_URL names or that npm start runs in this folder. Examples:
  npm run fault -- kill-environment --function recordOrders --service sns --when before --times 1
  npm run fault -- throttle-requests --service dynamodb --rate 0.2
  npm run fault -- deliver-twice --queue OrderIntakeQueue`;

/** The command was given something that it does not know. */
class FaultCommandError extends Error {
  override readonly name = 'FaultCommandError';
}

const active = z.object({
  id: z.string(),
  struck: z.number(),
  fault: z.looseObject({ type: z.string() }),
});
const refusal = z.object({ message: z.string() });

async function main([command, ...rest]: string[]): Promise<void> {
  if (command === '--help' || command === '-h') {
    console.log(USAGE);
  } else if (command === undefined) {
    const { faults } = z
      .object({ faults: z.array(active) })
      .parse(await call('GET', '/_local/faults'));
    console.log(faults.length === 0 ? 'No fault is on.' : faults.map(inWords).join('\n'));
  } else if (command === 'end') {
    const [id] = rest;
    await call('DELETE', `/_local/faults${id === undefined ? '' : `/${encodeURIComponent(id)}`}`);
    console.log(id === undefined ? 'Every fault has ended.' : `Fault ${id} has ended.`);
  } else {
    const kind = FAULT_KINDS.find((each) => each === command);
    if (!kind) throw new FaultCommandError(`There is no fault ${command}.\n\n${USAGE}`);
    const added = await call('POST', '/_local/faults', { type: kind, ...propertiesIn(kind, rest) });
    console.log(`On: ${inWords(active.parse(added))}`);
  }
}

/** Numbers are given as text on the command line. */
function propertiesIn(kind: FaultKind, args: string[]): Record<string, string | number> {
  const names = propertiesOf(kind);
  const { values } = parseArgs({
    args,
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  });
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      if (typeof value !== 'string') return [];
      const number = NUMBERS.has(name) ? Number(value) : Number.NaN;
      return [[name, Number.isNaN(number) ? value : number]];
    }),
  );
}

const NUMBERS = new Set(['call', 'count', 'ms', 'rate', 'seconds', 'seed', 'status', 'times']);

const inWords = ({ id, struck, fault: { type, ...rest } }: z.infer<typeof active>): string => {
  const details = Object.entries(rest).map(([name, value]) => `${name} ${String(value)}`);
  return `${id}  ${type} (${details.join(', ')}), struck ${struck} times`;
};

async function call(method: string, path: string, body?: object): Promise<unknown> {
  const url = process.env['AWS_ENDPOINT_URL'] ?? (await findRunning(process.cwd()))?.url;
  if (url === undefined) {
    throw new FaultCommandError(
      'No local system runs in this folder (npm start) and AWS_ENDPOINT_URL names none.',
    );
  }
  const response = await fetch(new URL(path, url), {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new FaultCommandError(refusal.safeParse(JSON.parse(text)).data?.message ?? text);
  }
  return text === '' ? undefined : JSON.parse(text);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error instanceof FaultCommandError ? error.message : error);
  process.exitCode = 1;
}
