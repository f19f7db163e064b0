import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { orderIdOf, pencils, Shop } from '../labs/stage/shop.ts';
import { localSystemUrl } from './local-system.ts';

const USAGE = `Usage: npm run order -- [--pencils 4] [--customer customer-1]

Places an order as a customer, without a token of yours, and prints what becomes of it. On the local
system that AWS_ENDPOINT_URL names or that npm start runs in this folder.`;

const ENDS = new Set(['Shipped', 'Declined', 'Cancelled']);
const ASK_EVERY_MS = 100;
const LIMIT_MS = 30_000;

const orderView = z.object({
  state: z.string(),
  history: z.array(
    z.object({
      state: z.string(),
      at: z.iso.datetime(),
      trackingNumber: z.string().optional(),
      reasons: z.array(z.object({ reason: z.string() })).optional(),
    }),
  ),
});
type Step = z.infer<typeof orderView>['history'][number];

/** The order was not taken, or did not come to its end. */
class OrderFailedError extends Error {
  override readonly name = 'OrderFailedError';
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pencils: { type: 'string', default: '4' },
      customer: { type: 'string', default: 'customer-1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const shop = new Shop(await localSystemUrl());
  const answer = await shop.place(pencils(values.customer, Number(values.pencils)));
  if (answer.status !== 202) {
    throw new OrderFailedError(
      `The order was refused (${answer.status}): ${JSON.stringify(answer.body, undefined, 2)}`,
    );
  }
  const orderId = orderIdOf(answer);
  console.log(`${orderId} of ${values.customer}: accepted`);
  for (const step of await historyOf(shop, orderId)) {
    const details = step.trackingNumber ?? step.reasons?.map(({ reason }) => reason).join('; ');
    const time = `+${Math.max(0, Date.parse(step.at) - answer.at)} ms`.padStart(9);
    console.log(`${time}  ${step.state}${details === undefined ? '' : ` (${details})`}`);
  }
}

/** Asks until the order is at its end. @throws OrderFailedError */
async function historyOf(shop: Shop, orderId: string): Promise<readonly Step[]> {
  const giveUpAt = Date.now() + LIMIT_MS;
  while (Date.now() < giveUpAt) {
    const { status, body } = await shop.read(orderId);
    if (status === 200) {
      const { state, history } = orderView.parse(body);
      if (ENDS.has(state)) return history;
    }
    await pause(ASK_EVERY_MS);
  }
  throw new OrderFailedError(
    `${orderId} has not come to its end in ${LIMIT_MS / 1_000} s; the system's log says where it is`,
  );
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
