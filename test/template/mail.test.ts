import { beforeAll, describe, expect, it } from '@jest/globals';
import { inEffect } from './in-effect.ts';
import {
  packagedService,
  PACKAGING_TIMEOUT_MS,
  type PackagedService,
} from './packaged-template.ts';
import { waysToMail } from './rules/mail.ts';

const SUBSCRIPTION = 'EmailCustomersSnsSubscriptionOrderEvents';
const WAYS = [SUBSCRIPTION, 'EmailCustomersLambdaPermissionOrderEventsSNS', 'EmailCustomersRole'];
let service: PackagedService;

beforeAll(async () => {
  service = await packagedService('prod');
}, PACKAGING_TIMEOUT_MS);

describe('a stage without a sender', () => {
  it('mails nobody', () => {
    expect(waysToMail(inEffect(service.wholeTemplate))).toEqual([]);
  });

  it('would mail somebody if its subscription had no condition', () => {
    const broken = structuredClone(service.wholeTemplate);
    delete broken.Resources[SUBSCRIPTION]?.Condition;

    expect(waysToMail(inEffect(broken))).toEqual([SUBSCRIPTION]);
  });

  it('is every stage until somebody names one', () => {
    expect(service.wholeTemplate.Parameters['EmailSender']?.Default).toBe('');
    expect(service.templateText).not.toContain('example.com');
  });
});

describe('a stage with a sender', () => {
  it('mails customers', () => {
    expect(waysToMail(inEffect(service.wholeTemplate, { EmailSender: 'a@b.example' }))).toEqual(
      WAYS,
    );
  });
});
