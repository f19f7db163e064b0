/**
 * Does one operation as often as it is answered, from a process of its own, so that the client takes
 * none of the measured thread's time. Prints one line of JSON: how many messages or items, and when
 * it began and ended (milliseconds since the epoch).
 */
import * as z from 'zod';
import { AwsClient } from './aws-client.ts';
import { operations, targetSchema } from './operations.ts';

/** Requests at a time; more of them do not raise the rate of one thread. */
const CONCURRENCY = 16;

const plan = z
  .object({
    target: targetSchema,
    operation: z.string(),
    batchSize: z.number(),
    milliseconds: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));
const operation = operations[plan.operation];
if (!operation) throw new Error(`There is no operation ${plan.operation}`);

const aws = new AwsClient(CONCURRENCY);
const load = { items: 0, startedAt: Date.now(), endedAt: 0 };
let made = 0;
const worker = async (): Promise<void> => {
  while (Date.now() - load.startedAt < plan.milliseconds) {
    const ids = Array.from({ length: plan.batchSize }, () => `${process.pid}-${made++}`);
    const done = await operation.request(aws, plan.target, ids);
    if (done === 0) return;
    load.items += done;
    load.endedAt = Date.now();
  }
};
await Promise.all(Array.from({ length: CONCURRENCY }, worker));
aws.close();
console.log(JSON.stringify(load));
