import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TemplateValue } from 'template-runtime/template';
import { withProperty } from './altered.ts';
import { inEffect } from './in-effect.ts';
import {
  packagedService,
  PACKAGING_TIMEOUT_MS,
  type PackagedService,
} from './packaged-template.ts';
import { callers } from './rules/http-api.ts';
import { userPools } from './rules/user-pool.ts';

let service: PackagedService;
let prod: PackagedService;

beforeAll(async () => {
  [service, prod] = await Promise.all([packagedService(), packagedService('prod')]);
}, PACKAGING_TIMEOUT_MS);

describe('the user pool', () => {
  it.each<[string, string, TemplateValue, string]>([
    ['CustomerPool', 'AutoVerifiedAttributes', [], 'takes an e-mail address unverified'],
    [
      'CustomerPool',
      'UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate',
      [],
      'takes an e-mail address unverified',
    ],
    [
      'CustomerPool',
      'AdminCreateUserConfig.AllowAdminCreateUserOnly',
      false,
      'lets anybody sign up',
    ],
    [
      'CustomerPool',
      'Policies.PasswordPolicy.MinimumLength',
      8,
      'takes a password of less than 12 characters',
    ],
    [
      'CustomerPool',
      'AccountRecoverySetting.RecoveryMechanisms',
      [{ Name: 'verified_phone_number', Priority: 1 }],
      'gives an account back to others than the owner of its address',
    ],
    [
      'CustomerPoolClient',
      'ExplicitAuthFlows',
      ['ALLOW_USER_PASSWORD_AUTH'],
      'lets people sign in by ALLOW_USER_PASSWORD_AUTH',
    ],
    [
      'CustomerPoolClient',
      'PreventUserExistenceErrors',
      'LEGACY',
      'tells which addresses have an account',
    ],
    ['CustomerPoolClient', 'WriteAttributes', [], 'may write every attribute'],
  ])('%s: a %s of another kind is noticed', (logicalId, path, value, finding) => {
    const { template } = service;

    expect(userPools(template)).toEqual([]);
    expect(userPools(withProperty(template, logicalId, path, value))).toEqual([
      `${logicalId}: ${finding}`,
    ]);
  });

  it('is kept in prod, and protected from deletion', () => {
    const protections = [service, prod].map(({ template }) => {
      const pool = template.Resources['CustomerPool'];
      return [pool?.DeletionPolicy, pool?.Properties['DeletionProtection']];
    });

    expect(protections).toEqual([
      ['Delete', 'INACTIVE'],
      ['Retain', 'ACTIVE'],
    ]);
  });

  it('gives way to an outside issuer', () => {
    const template = inEffect(service.wholeTemplate, {
      JwtIssuer: 'https://issuer.example/',
      JwtAudience: 'shop',
    });

    expect(template.Resources['CustomerPool']).toBeUndefined();
    expect(template.Resources['HttpApiAuthorizerCustomer']?.Properties).toMatchObject({
      JwtConfiguration: { Issuer: { Ref: 'JwtIssuer' }, Audience: [{ Ref: 'JwtAudience' }] },
    });
    expect(callers(template)).toEqual([]);
  });
});
