import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { AwsError } from '../../endpoint/aws-error.ts';
import type { DynamoDbService } from '../service.ts';

/** The input of CreateTable. */
export interface TableDefinition {
  TableName: string;
  [property: string]: unknown;
}

const failure = z.object({ __type: z.string(), message: z.string().optional() });
const description = z.object({
  Table: z.object({ TableStatus: z.string(), TableArn: z.string() }),
});

/**
 * Creates the table unless it exists, and resolves when it can be used. An existing table is kept
 * as it is, with its items.
 *
 * @throws AwsError as CreateTable does
 */
export async function ensureTable(
  dynamoDb: DynamoDbService,
  definition: TableDefinition,
): Promise<{ arn: string; created: boolean }> {
  const creation = await dynamoDb.call('CreateTable', definition);
  const created = creation.status === 200;
  if (!created) {
    const { __type: type, message } = failure.parse(JSON.parse(creation.body));
    const code = type.split('#').at(-1) ?? type;
    if (code !== 'ResourceInUseException') {
      throw new AwsError(code, `CreateTable ${definition.TableName}: ${message ?? type}`);
    }
  }
  for (;;) {
    const answer = await dynamoDb.call('DescribeTable', { TableName: definition.TableName });
    const { Table: table } = description.parse(JSON.parse(answer.body));
    if (table.TableStatus === 'ACTIVE') return { arn: table.TableArn, created };
    await pause(1);
  }
}
