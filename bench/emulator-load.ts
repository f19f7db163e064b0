/**
 * Does one operation of an emulator as often as it is answered, from a process of its own. Prints one
 * line of JSON: how many messages or items, and when it began and ended (milliseconds since the
 * epoch).
 */
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { AwsClient } from './aws-client.ts';
import { emulatorTarget } from './emulator-target.ts';
import { operationRequests } from './operation-requests.ts';
import { OPERATIONS, type Operation } from './operations.ts';

/** What comes back from a load of requests. */
export interface EmulatorLoad {
  items: number;
  startedAt: number;
  endedAt: number;
}

/** Requests at a time; more of them do not raise the rate of one thread. */
const CONCURRENCY = 16;
/** Orders that are updated and read again and again. */
const STANDING_ORDERS = 200;
const ON_STANDING_ORDERS: ReadonlySet<Operation> = new Set(['dynamodb-update', 'dynamodb-get']);

const plan = z
  .object({
    target: emulatorTarget,
    operation: z.enum(OPERATIONS),
    batchSize: z.number(),
    milliseconds: z.number(),
  })
  .parse(JSON.parse(parseArgs({ options: { plan: { type: 'string' } } }).values.plan ?? ''));

const aws = new AwsClient(CONCURRENCY);
let orders = 0;
const newOrderId = (): string => `RATE-${process.pid}-${orders++}`;
const standing: string[] = [];
if (ON_STANDING_ORDERS.has(plan.operation)) {
  standing.push(...Array.from({ length: STANDING_ORDERS }, newOrderId));
  await operationRequests['dynamodb-put'](aws, plan.target, standing);
}

let turn = 0;
const nextOrderId = (): string => standing[turn++ % STANDING_ORDERS] ?? newOrderId();

const load: EmulatorLoad = { items: 0, startedAt: Date.now(), endedAt: 0 };
const worker = async (): Promise<void> => {
  while (Date.now() - load.startedAt < plan.milliseconds) {
    const orderIds = Array.from({ length: plan.batchSize }, nextOrderId);
    const done = await operationRequests[plan.operation](aws, plan.target, orderIds);
    if (done === 0) return;
    load.items += done;
    load.endedAt = Date.now();
  }
};
await Promise.all(Array.from({ length: CONCURRENCY }, worker));
aws.close();
console.log(JSON.stringify(load));
