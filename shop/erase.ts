import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { findStack, STACK_USAGE, stackOptions } from 'template-runtime/commands';

import { customerIdSchema } from '../shared/order/order.ts';
import { customerTables, eraseCustomer } from './customer-erasure.ts';

const USAGE = `Usage: npm run erase -- --customer <id> [options]

Takes a customer out of the tables; docs/personal-data.md says what is deleted, and what remains
without a name.

  --customer <id>  the customer's id
${STACK_USAGE}`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { ...stackOptions, customer: { type: 'string' } } });
  const customer = customerIdSchema.safeParse(values.customer);
  if (!customer.success) {
    console.error(USAGE);
    process.exitCode = 1;
    return;
  }
  const { resources, clientSettings } = await findStack(process.cwd(), values);
  const client = new DynamoDBClient(clientSettings);
  const { anonymised, underWay, deleted } = await eraseCustomer(
    client,
    customerTables(resources),
    customer.data,
  );
  console.log(`${anonymised.length} orders made anonymous, ${deleted} records deleted.`);
  if (underWay.length === 0) return;
  console.error(
    `Not erased, because under way: ${underWay.join(', ')}. Run this again when they have ended.`,
  );
  process.exitCode = 1;
}

await main();
