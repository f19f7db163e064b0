import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'template-runtime/template';
import { withProperty } from './altered.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import { dataKeyReuse, deletableTables, encryption, keptTogether } from './rules/encryption.ts';

let template: Template;

beforeAll(async () => {
  ({ template } = await packagedService());
}, PACKAGING_TIMEOUT_MS);

describe('encryption', () => {
  it('covers every queue, topic and table, with a key that rotates', () => {
    expect(encryption(template)).toEqual([]);
  });

  it.each([
    ['FraudDeadLetters', 'KmsMasterKeyId', undefined],
    ['FraudQueue', 'KmsMasterKeyId', 'alias/aws/sqs'],
    ['OrderEvents', 'KmsMasterKeyId', undefined],
    ['OrdersTable', 'SSESpecification', undefined],
    ['OrdersTable', 'SSESpecification.SSEEnabled', false],
  ])('is missed on %s with %s %s', (id, property, value) => {
    expect(encryption(withProperty(template, id, property, value))).toEqual([
      `${id}: is not encrypted with a key of the template`,
    ]);
  });

  it('is refused with a key that never rotates', () => {
    const broken = withProperty(template, 'MessagingKey', 'EnableKeyRotation', false);

    expect(encryption(broken)).toEqual(['MessagingKey: does not rotate']);
  });

  it('asks for a data key at most once an hour', () => {
    const broken = withProperty(template, 'FraudQueue', 'KmsDataKeyReusePeriodSeconds', 300);

    expect(dataKeyReuse(template)).toEqual([]);
    expect(dataKeyReuse(broken)).toEqual([expect.stringContaining('FraudQueue')]);
  });
});

describe('the tables of prod', () => {
  it(
    'cannot be deleted',
    async () => {
      const { template: prod } = await packagedService('prod');
      const open = withProperty(prod, 'OrdersTable', 'DeletionProtectionEnabled', false);

      expect(deletableTables(prod)).toEqual([]);
      expect(deletableTables(open)).toEqual(['OrdersTable']);
      expect(deletableTables(template)).toHaveLength(6);
    },
    PACKAGING_TIMEOUT_MS,
  );
});

describe('what outlives the stack', () => {
  it('is all the queues and tables with their key, or nothing', () => {
    expect(keptTogether(template)).toEqual([]);
  });

  it('is refused when it is a queue or a table without its key', () => {
    const Resources = structuredClone(template.Resources);
    for (const id of ['FraudQueue', 'OrdersTable']) {
      const resource = Resources[id];
      if (resource) resource.DeletionPolicy = 'Retain';
    }

    expect(keptTogether({ ...template, Resources })).toEqual([
      'FraudQueue: Retain Delete, but MessagingKey: Delete Delete',
      'OrdersTable: Retain Delete, but MessagingKey: Delete Delete',
    ]);
  });
});
