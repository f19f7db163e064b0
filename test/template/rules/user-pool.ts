import * as z from 'zod';
import type { Template } from 'template-runtime/template';
import { resourcesOf } from '../model.ts';

const poolSchema = z.object({
  AutoVerifiedAttributes: z.array(z.string()).default([]),
  UserAttributeUpdateSettings: z
    .object({ AttributesRequireVerificationBeforeUpdate: z.array(z.string()) })
    .default({ AttributesRequireVerificationBeforeUpdate: [] }),
  AdminCreateUserConfig: z
    .object({ AllowAdminCreateUserOnly: z.boolean() })
    .default({ AllowAdminCreateUserOnly: false }),
  Policies: z
    .object({ PasswordPolicy: z.object({ MinimumLength: z.number() }) })
    .default({ PasswordPolicy: { MinimumLength: 6 } }),
  AccountRecoverySetting: z
    .object({ RecoveryMechanisms: z.array(z.object({ Name: z.string() })) })
    .default({ RecoveryMechanisms: [] }),
});
const clientSchema = z.object({
  ExplicitAuthFlows: z.array(z.string()).default([]),
  PreventUserExistenceErrors: z.string().default('LEGACY'),
  WriteAttributes: z.array(z.string()).default([]),
});

const MINIMUM_LENGTH = 12;
/** Flows in which whoever calls without AWS credentials proves who they are by SRP or a token. */
const SOUND_FLOWS = new Set([
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
]);

/**
 * The e-mail address of a token belongs to whoever has the token, nobody gets in uninvited, and
 * nobody gets into another's account.
 */
export function userPools(template: Template): string[] {
  const pools = resourcesOf(template, 'AWS::Cognito::UserPool', poolSchema).flatMap(
    ({ id, properties }) => {
      const findings: string[] = [];
      const { AttributesRequireVerificationBeforeUpdate: verifiedFirst } =
        properties.UserAttributeUpdateSettings;
      if (
        !properties.AutoVerifiedAttributes.includes('email') ||
        !verifiedFirst.includes('email')
      ) {
        findings.push(`${id}: takes an e-mail address unverified`);
      }
      if (!properties.AdminCreateUserConfig.AllowAdminCreateUserOnly) {
        findings.push(`${id}: lets anybody sign up`);
      }
      if (properties.Policies.PasswordPolicy.MinimumLength < MINIMUM_LENGTH) {
        findings.push(`${id}: takes a password of less than ${MINIMUM_LENGTH} characters`);
      }
      const ways = properties.AccountRecoverySetting.RecoveryMechanisms.map(({ Name }) => Name);
      if (ways.join() !== 'verified_email') {
        findings.push(`${id}: gives an account back to others than the owner of its address`);
      }
      return findings;
    },
  );
  const clients = resourcesOf(template, 'AWS::Cognito::UserPoolClient', clientSchema).flatMap(
    ({ id, properties }) => {
      const findings = properties.ExplicitAuthFlows.filter((flow) => !SOUND_FLOWS.has(flow)).map(
        (flow) => `${id}: lets people sign in by ${flow}`,
      );
      if (properties.PreventUserExistenceErrors !== 'ENABLED') {
        findings.push(`${id}: tells which addresses have an account`);
      }
      if (properties.WriteAttributes.length === 0) {
        findings.push(`${id}: may write every attribute`);
      }
      return findings;
    },
  );
  return [...pools, ...clients];
}
