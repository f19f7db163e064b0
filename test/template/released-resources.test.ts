import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'template-runtime/template';
import { withoutResource, withProperty } from './altered.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import {
  lostResources,
  releasedResources,
  unrecordedResources,
} from './rules/released-resources.ts';

const record = releasedResources.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, 'released-resources.json'), 'utf8')),
);
let template: Template;

beforeAll(async () => {
  ({ template } = await packagedService());
}, PACKAGING_TIMEOUT_MS);

describe('what holds messages or data', () => {
  it('stays as it was released', () => {
    expect(lostResources(template, record)).toEqual([]);
  });

  it('is in the record', () => {
    expect(unrecordedResources(template, record)).toEqual([]);
    const { FraudQueue: _, ...others } = record;
    expect(unrecordedResources(template, others)).toEqual([
      'FraudQueue: is not in the record of what was released',
    ]);
  });

  it('is missed where it is removed, renamed or of another type', () => {
    const renamed = 'order-messaging-dev-ScreeningQueue.fifo';

    expect(lostResources(withoutResource(template, 'OrdersTable'), record)).toEqual([
      'OrdersTable: was released and is gone',
    ]);
    expect(
      lostResources(withProperty(template, 'FraudQueue', 'QueueName', renamed), record),
    ).toEqual([
      'FraudQueue: was released as FraudQueue.fifo, would be replaced by ScreeningQueue.fifo',
    ]);
    expect(lostResources(withProperty(template, 'FraudQueue', 'FifoQueue', false), record)).toEqual(
      ['FraudQueue: was released as FraudQueue.fifo, would be replaced by FraudQueue.fifo'],
    );
  });
});
