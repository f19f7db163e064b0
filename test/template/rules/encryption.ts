import * as z from 'zod';
import type { Template } from 'template-runtime/template';
import { anyValue, queuesOf, resourcesOf, targetOf, topicsOf } from '../model.ts';

const tableSchema = z.object({
  TableName: z.string(),
  DeletionProtectionEnabled: z.boolean().default(false),
  SSESpecification: z.object({ SSEEnabled: z.boolean(), KMSMasterKeyId: anyValue }).optional(),
});
const keySchema = z.object({ EnableKeyRotation: z.boolean().default(false) });

/** Every queue, topic and table is encrypted with a key of the template that rotates. */
export function encryption(template: Template): string[] {
  const keys = resourcesOf(template, 'AWS::KMS::Key', keySchema);
  const tables = resourcesOf(template, 'AWS::DynamoDB::Table', tableSchema);
  const encrypted = [
    ...queuesOf(template).map(({ id, properties }) => ({ id, key: properties.KmsMasterKeyId })),
    ...topicsOf(template).map(({ id, properties }) => ({ id, key: properties.KmsMasterKeyId })),
    ...tables.map(({ id, properties }) => ({
      id,
      key: properties.SSESpecification?.SSEEnabled
        ? properties.SSESpecification.KMSMasterKeyId
        : undefined,
    })),
  ];
  return [
    ...encrypted
      .filter(({ key }) => !keys.some(({ id }) => id === targetOf(key)))
      .map(({ id }) => `${id}: is not encrypted with a key of the template`),
    ...keys
      .filter(({ properties }) => !properties.EnableKeyRotation)
      .map(({ id }) => `${id}: does not rotate`),
  ];
}

/** Each request for a data key costs; the default of five minutes makes the most of them. */
export function dataKeyReuse(template: Template): string[] {
  return queuesOf(template)
    .filter(
      ({ properties: { KmsDataKeyReusePeriodSeconds: seconds } }) =>
        seconds < 3600 || seconds > 86_400,
    )
    .map(({ id }) => `${id}: reuses its data key for less than an hour or more than a day`);
}

/** The tables that somebody could delete. */
export function deletableTables(template: Template): string[] {
  return resourcesOf(template, 'AWS::DynamoDB::Table', tableSchema)
    .filter(({ properties }) => !properties.DeletionProtectionEnabled)
    .map(({ id }) => id);
}

/** A queue or table that outlives the stack needs the key that outlives it, and the other way round. */
export function keptTogether(template: Template): string[] {
  const kept = [
    ...resourcesOf(template, 'AWS::KMS::Key', keySchema),
    ...queuesOf(template),
    ...resourcesOf(template, 'AWS::DynamoDB::Table', tableSchema),
  ].map(({ id, resource }) => ({
    id,
    policies: `${resource.DeletionPolicy} ${resource.UpdateReplacePolicy}`,
  }));
  const [first] = kept;
  return kept
    .filter(({ policies }) => policies !== first?.policies)
    .map(({ id, policies }) => `${id}: ${policies}, but ${first?.id}: ${first?.policies}`);
}
