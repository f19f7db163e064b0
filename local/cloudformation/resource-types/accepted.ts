import type { TemplateObject } from '../template-value.ts';
import { arnOf, stableId, stableUuid } from '../generated-names.ts';
import type { ResourceType } from '../resource-type.ts';

/**
 * Resources that are taken without any effect, because on this machine there is nothing for them to
 * do. Others may refer to them. Whatever somebody could miss has a shortcoming.
 */

/** Nothing here asks whether somebody may do something. */
export const role: ResourceType = ({ properties, generatedName, logicalId }, { stack }) => {
  const name = text(properties, 'RoleName') ?? generatedName;
  const path = text(properties, 'Path') ?? '/';
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:iam::${stack.accountId}:role${path}${name}`,
      RoleId: `AROA${stableId(stack, logicalId, 17).toUpperCase()}`,
    },
  };
};

export const inlinePolicy: ResourceType = ({ properties, generatedName }) => ({
  ref: text(properties, 'PolicyName') ?? generatedName,
  attributes: {},
});

export const managedPolicy: ResourceType = ({ properties, generatedName }, { stack }) => {
  const name = text(properties, 'ManagedPolicyName') ?? generatedName;
  const arn = `arn:aws:iam::${stack.accountId}:policy/${name}`;
  return { ref: arn, attributes: { PolicyArn: arn } };
};

/** Permissions and policies of single resources: as with roles, nothing asks. */
export const grant: ResourceType = ({ generatedName }) => ({ ref: generatedName, attributes: {} });

/** Nothing is encrypted here: messages and items do not leave this machine. */
export const key: ResourceType = ({ logicalId }, { stack }) => {
  const id = stableUuid(stack, logicalId);
  return { ref: id, attributes: { Arn: arnOf(stack, 'kms', `key/${id}`), KeyId: id } };
};

export const keyAlias: ResourceType = ({ properties, generatedName }) => ({
  ref: text(properties, 'AliasName') ?? `alias/${generatedName}`,
  attributes: {},
});

/** Nothing here costs anything. */
export const budget: ResourceType = ({ generatedName }) => ({ ref: generatedName, attributes: {} });

export const dashboard: ResourceType = ({ properties, generatedName }) => ({
  ref: text(properties, 'DashboardName') ?? generatedName,
  attributes: {},
});

/** What functions log is told on the activity stream. */
export const logGroup: ResourceType = ({ properties, generatedName }, { stack }) => {
  const name = text(properties, 'LogGroupName') ?? generatedName;
  return { ref: name, attributes: { Arn: arnOf(stack, 'logs', `log-group:${name}:*`) } };
};

export const alarm: ResourceType = ({ properties, generatedName }, { stack }) => {
  const name = text(properties, 'AlarmName') ?? generatedName;
  return {
    ref: name,
    attributes: { Arn: arnOf(stack, 'cloudwatch', `alarm:${name}`) },
    shortcomings: ['alarms are not evaluated here'],
  };
};

export const emailIdentity: ResourceType = ({ properties, generatedName }, { emailIdentities }) => {
  const name = text(properties, 'EmailIdentity') ?? generatedName;
  emailIdentities.add(name);
  return { ref: name, attributes: {} };
};

function text(properties: TemplateObject, name: string): string | undefined {
  const value = properties[name];
  return typeof value === 'string' ? value : undefined;
}
