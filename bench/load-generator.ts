import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PlainClient } from 'template-runtime/bench';
import * as z from 'zod';
import { orderBody, pencils, type OrderRequest } from '../labs/stage/shop.ts';
import { CustomerTokens } from '../shop/customer-tokens.ts';
import { runNode } from './processes.ts';

const loadSchema = z.object({
  accepted: z.array(z.object({ orderId: z.string(), askedAt: z.number() })),
  refused: z.number(),
  startedAt: z.number(),
  endedAt: z.number(),
});

/**
 * Places orders over HTTP from a process of its own, so that it does not take the system's time.
 * Prints one line of JSON: the accepted orders with the moment each was asked for, and when it all
 * began and ended (milliseconds since the epoch).
 */
export type Load = z.infer<typeof loadSchema>;

interface Plan {
  url: string;
  orders: number;
  /** Requests at a time, unless there is a rate. */
  concurrency: number;
  /** Orders a second, however many are unanswered; 0 for as many as go through. */
  rate: number;
  /** Makes the customers of one run others than those of the next. */
  run: string;
}

/** As many orders of one customer within ten minutes are no reason to decline one. */
const ORDERS_PER_CUSTOMER = 5;

/** Every tenth order is for too many pieces, so that both verdicts are part of the load. */
const orderOf = (run: string, index: number): OrderRequest =>
  pencils(`${run}-${Math.floor(index / ORDERS_PER_CUSTOMER)}`, index % 10 === 9 ? 250 : 4);

async function generate(plan: Plan): Promise<Load> {
  const tokens = await tokensFor(plan);
  const load: Load = { accepted: [], refused: 0, startedAt: Date.now(), endedAt: 0 };
  const url = new URL('/orders', plan.url);
  const client = new PlainClient(plan.rate > 0 ? Infinity : plan.concurrency);
  let next = 0;
  const place = async (index: number): Promise<void> => {
    const order = orderOf(plan.run, index);
    const askedAt = Date.now();
    try {
      const { status, body } = await client.post(
        url,
        {
          'content-type': 'application/json',
          authorization: `Bearer ${await tokens.of(order.customerId)}`,
        },
        orderBody(order),
      );
      const answer: unknown = status === 202 ? JSON.parse(body) : undefined;
      if (!hasOrderId(answer)) load.refused += 1;
      else load.accepted.push({ orderId: answer.orderId, askedAt });
    } catch (error) {
      // A system that is killed under load drops connections: nothing was accepted.
      if (!isConnectionError(error)) throw error;
      load.refused += 1;
    }
  };
  if (plan.rate > 0) {
    await paced(plan, place);
  } else {
    const worker = async (): Promise<void> => {
      while (next < plan.orders) await place(next++);
    };
    await Promise.all(Array.from({ length: plan.concurrency }, worker));
  }
  load.endedAt = Date.now();
  client.close();
  return load;
}

/** Gets the customers' tokens before anything is measured. */
async function tokensFor({ url, run, orders }: Plan): Promise<CustomerTokens> {
  const tokens = new CustomerTokens(url);
  for (let index = 0; index < orders; index += ORDERS_PER_CUSTOMER) {
    await tokens.of(orderOf(run, index).customerId);
  }
  return tokens;
}

/** Asks at even intervals, whether or not the answers keep up (an open loop). */
async function paced(plan: Plan, place: (index: number) => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  const pending: Promise<void>[] = [];
  for (let index = 0; index < plan.orders; index += 1) {
    const due = startedAt + (index * 1000) / plan.rate;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    pending.push(place(index));
  }
  await Promise.all(pending);
}

const isConnectionError = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(String(error.code));

const hasOrderId = (value: unknown): value is { orderId: string } =>
  typeof value === 'object' &&
  value !== null &&
  'orderId' in value &&
  typeof value.orderId === 'string';

/** Runs the load generator in a process of its own and gives what it reports. */
export async function generateLoad(plan: {
  url: string;
  orders: number;
  rate?: number;
  run: string;
}): Promise<Load> {
  const { stdout } = await runNode([
    fileURLToPath(import.meta.url),
    `--url=${plan.url}`,
    `--orders=${plan.orders}`,
    `--rate=${plan.rate ?? 0}`,
    `--run=${plan.run}`,
  ]);
  return loadSchema.parse(JSON.parse(stdout));
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: '' },
      orders: { type: 'string', default: '100' },
      concurrency: { type: 'string', default: '32' },
      rate: { type: 'string', default: '0' },
      run: { type: 'string', default: 'load' },
    },
  });
  const load = await generate({
    url: values.url,
    orders: Number(values.orders),
    concurrency: Number(values.concurrency),
    rate: Number(values.rate),
    run: values.run,
  });
  console.log(JSON.stringify(load));
}
