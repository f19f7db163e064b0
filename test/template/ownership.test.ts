import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { resourceOwners, type ResourceOwners } from '../../docs/diagram/resource-owners.ts';
import type { Template } from 'template-runtime/template';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import { ownership } from './rules/ownership.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
let template: Template;
let owners: ResourceOwners;

beforeAll(async () => {
  ({ template } = await packagedService('prod'));
  owners = resourceOwners(REPOSITORY);
}, PACKAGING_TIMEOUT_MS);

describe('the folder of a service', () => {
  it('describes what the service owns, and nothing that another owns', () => {
    expect(ownership(template, owners)).toEqual([]);
  });

  it.each([
    ['FraudQueue', 'FraudQueue: is described by email, belongs to fraud'],
    ['FraudDeadLetters', 'FraudDeadLetters: is described by email, belongs to fraud'],
    ['FraudSubscription', 'FraudSubscription: is described by email, belongs to fraud'],
    ['FraudQueueAgeAlarm', 'FraudQueueAgeAlarm: is described by email, belongs to fraud'],
    ['ScreenOrdersErrorsAlarm', 'ScreenOrdersErrorsAlarm: is described by email, belongs to fraud'],
    ['ScreenOrdersRole', 'ScreenOrdersRole: is described by email, belongs to fraud'],
  ])('is missed where %s is described by another', (id, finding) => {
    const moved = new Map([...owners, [id, 'email']]);

    expect(ownership(template, moved)).toContain(finding);
  });

  it('is missed where a queue belongs to nobody', () => {
    const without = new Map([...owners].filter(([id]) => id !== 'EmailDeadLetters'));

    expect(ownership(template, without)).toContain(
      'EmailDeadLetters: is described by nobody, belongs to a service',
    );
  });
});
