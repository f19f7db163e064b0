import { createHash } from 'node:crypto';
import * as z from 'zod';
import { arnOf, stableId } from '../generated-names.ts';
import { flag, harmless, integer, readProperties, type ResourceType } from '../resource-type.ts';
import type { StackIdentity } from '../resolver.ts';
import { TemplateError } from '../template-error.ts';

const SECONDS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };

/** Nine letters and digits behind the region, the same in every run. */
const poolIdOf = (stack: StackIdentity, logicalId: string): string =>
  `${stack.region}_${stableId(stack, logicalId, 9)}`;

/**
 * A pool is an issuer here and has no users: what it says of passwords, sign-in and mails has
 * nothing to act on.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpool.html
 */
export const userPool: ResourceType = ({ logicalId }, { stack, userPools }) => {
  const pool = userPools.ensure(poolIdOf(stack, logicalId));
  return {
    ref: pool.id,
    attributes: {
      Arn: arnOf(stack, 'cognito-idp', `userpool/${pool.id}`),
      ProviderName: pool.issuer.slice('https://'.length),
      ProviderURL: pool.issuer,
      UserPoolId: pool.id,
    },
    shortcomings: ['nobody signs up or in here; GET /_local/token?sub=… issues tokens'],
  };
};

const unit = z.enum(['seconds', 'minutes', 'hours', 'days']).optional();
const clientSchema = z.object({
  UserPoolId: z.string(),
  ClientName: z.string().optional(),
  GenerateSecret: flag.optional(),
  IdTokenValidity: integer.optional(),
  AccessTokenValidity: integer.optional(),
  TokenValidityUnits: z
    .object({ IdToken: unit, AccessToken: unit, RefreshToken: harmless.optional() })
    .optional(),
  AllowedOAuthFlows: harmless.optional(),
  AllowedOAuthFlowsUserPoolClient: harmless.optional(),
  AllowedOAuthScopes: harmless.optional(),
  AuthSessionValidity: harmless.optional(),
  CallbackURLs: harmless.optional(),
  DefaultRedirectURI: harmless.optional(),
  EnableTokenRevocation: harmless.optional(),
  ExplicitAuthFlows: harmless.optional(),
  LogoutURLs: harmless.optional(),
  PreventUserExistenceErrors: harmless.optional(),
  ReadAttributes: harmless.optional(),
  RefreshTokenValidity: harmless.optional(),
  SupportedIdentityProviders: harmless.optional(),
  WriteAttributes: harmless.optional(),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolclient.html */
export const userPoolClient: ResourceType = (request, { stack, userPools }) => {
  const { properties, shortcomings } = readProperties(clientSchema, request);
  const { logicalId } = request;
  const pool = userPools.find(properties.UserPoolId);
  if (!pool) {
    throw new TemplateError(
      `Resources.${logicalId}.Properties.UserPoolId`,
      `there is no user pool ${properties.UserPoolId}`,
    );
  }
  const clientId = stableId(stack, logicalId, 26);
  const { IdToken = 'hours', AccessToken = 'hours' } = properties.TokenValidityUnits ?? {};
  pool.addClient({
    clientId,
    idTokenSeconds: (properties.IdTokenValidity ?? 1) * SECONDS[IdToken],
    accessTokenSeconds: (properties.AccessTokenValidity ?? 1) * SECONDS[AccessToken],
  });
  return {
    ref: clientId,
    attributes: {
      ClientId: clientId,
      Name: properties.ClientName ?? request.generatedName,
      ...(properties.GenerateSecret
        ? { ClientSecret: createHash('sha256').update(`secret/${clientId}`).digest('hex') }
        : {}),
    },
    shortcomings,
  };
};

/** The domain has pages to sign in on AWS. */
export const userPoolDomain: ResourceType = ({ properties, generatedName }) => {
  const domain = properties['Domain'];
  return {
    ref: typeof domain === 'string' ? domain : generatedName,
    attributes: { CloudFrontDistribution: 'none.cloudfront.net' },
    shortcomings: ['there are no pages to sign in here'],
  };
};
