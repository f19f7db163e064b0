import * as z from 'zod';
import { ensureTable } from '../../dynamodb/model/tables.ts';
import { flag, harmless, readProperties, type ResourceType } from '../resource-type.ts';

const passedOn = z.array(z.record(z.string(), z.unknown()));
const tableSchema = z.object({
  TableName: z.string().optional(),
  AttributeDefinitions: passedOn,
  KeySchema: passedOn,
  BillingMode: z.string().default('PROVISIONED'),
  ProvisionedThroughput: z.record(z.string(), z.unknown()).optional(),
  GlobalSecondaryIndexes: passedOn.optional(),
  LocalSecondaryIndexes: passedOn.optional(),
  TimeToLiveSpecification: z
    .object({ AttributeName: z.string().optional(), Enabled: flag })
    .optional(),
  ContributorInsightsSpecification: harmless.optional(),
  DeletionProtectionEnabled: harmless.optional(),
  PointInTimeRecoverySpecification: harmless.optional(),
  SSESpecification: harmless.optional(),
  TableClass: harmless.optional(),
  Tags: harmless.optional(),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html */
export const table: ResourceType = async (request, { tables }) => {
  const { properties, shortcomings } = readProperties(tableSchema, request);
  const name = properties.TableName ?? request.generatedName;
  const { TimeToLiveSpecification: timeToLive } = properties;
  const { arn } = await ensureTable(tables, {
    TableName: name,
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    BillingMode: properties.BillingMode,
    ProvisionedThroughput: properties.ProvisionedThroughput,
    GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes,
    LocalSecondaryIndexes: properties.LocalSecondaryIndexes,
  });
  if (timeToLive?.Enabled) {
    shortcomings.push(`items do not expire here (${timeToLive.AttributeName ?? 'time to live'})`);
  }
  // Named so that what refers to the stream can be resolved; the property itself is reported.
  const streamArn = `${arn}/stream/local`;
  return { ref: name, attributes: { Arn: arn, StreamArn: streamArn }, shortcomings };
};
