import * as z from 'zod';
import { ensureTable } from '../../dynamodb/model/tables.ts';
import { type ResourceType, flag, harmless, integer, readProperties } from '../resource-type.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.string() }));
const throughput = z.object({ ReadCapacityUnits: integer, WriteCapacityUnits: integer }).optional();
const index = {
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.object({
    ProjectionType: z.string().optional(),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
};
const tableSchema = z.object({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  KeySchema: keySchema,
  BillingMode: z.string().default('PROVISIONED'),
  ProvisionedThroughput: throughput,
  GlobalSecondaryIndexes: z
    .array(z.object({ ...index, ProvisionedThroughput: throughput }))
    .optional(),
  LocalSecondaryIndexes: z.array(z.object(index)).optional(),
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
