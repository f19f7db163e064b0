import * as z from 'zod';
import type { Template } from 'template-runtime/template';
import { anyValue, referencesIn, resourcesOf, targetOf } from '../model.ts';

const routeSchema = z.object({
  RouteKey: z.string(),
  Target: anyValue,
  AuthorizationType: z.string().optional(),
  AuthorizerId: anyValue.optional(),
});
const authorizerSchema = z.object({
  AuthorizerType: z.string(),
  IdentitySource: z.array(z.string()),
  JwtConfiguration: z.object({ Issuer: anyValue, Audience: z.array(anyValue) }),
});
const integrationSchema = z.object({
  IntegrationUri: anyValue,
  IntegrationType: z.string(),
  PayloadFormatVersion: z.string(),
});
const permissionSchema = z.object({ FunctionName: anyValue, Principal: z.string() });
const stageSchema = z.object({
  AccessLogSettings: z.object({ DestinationArn: anyValue, Format: z.string() }).optional(),
  DefaultRouteSettings: z
    .object({
      ThrottlingRateLimit: z.number().default(0),
      ThrottlingBurstLimit: z.number().default(0),
    })
    .optional(),
});

/** Which function answers which route: `POST /orders` → `PlaceOrderLambdaFunction`. */
export function routes(template: Template): Record<string, string | undefined> {
  const known = resourcesOf(template, 'AWS::ApiGatewayV2::Integration', integrationSchema);
  return Object.fromEntries(
    resourcesOf(template, 'AWS::ApiGatewayV2::Route', routeSchema).map(({ properties }) => {
      const integration = known.find(({ id }) => referencesIn(properties.Target).includes(id));
      return [properties.RouteKey, targetOf(integration?.properties.IntegrationUri)];
    }),
  );
}

/** The API may invoke every function that it has a route to, with payload version 2.0. */
export function integrations(template: Template): string[] {
  const invocable = resourcesOf(template, 'AWS::Lambda::Permission', permissionSchema)
    .filter(({ properties }) => properties.Principal === 'apigateway.amazonaws.com')
    .map(({ properties }) => targetOf(properties.FunctionName));
  return resourcesOf(template, 'AWS::ApiGatewayV2::Integration', integrationSchema).flatMap(
    ({ id, properties }) => {
      const findings: string[] = [];
      if (!invocable.includes(targetOf(properties.IntegrationUri))) {
        findings.push(`${id}: the API may not invoke its function`);
      }
      if (properties.PayloadFormatVersion !== '2.0') findings.push(`${id}: not payload 2.0`);
      return findings;
    },
  );
}

/** What everybody may ask for: the catalog, and what is not there. */
const PUBLIC_ROUTES = new Set(['GET /products', '$default']);

/**
 * Every other route asks who calls, of an authorizer that takes tokens of one issuer for one audience
 * from the header, where no log and no browser history keeps them.
 */
export function callers(template: Template): string[] {
  const authorizers = resourcesOf(template, 'AWS::ApiGatewayV2::Authorizer', authorizerSchema);
  const unsound = authorizers.flatMap(({ id, properties }) => {
    const { Issuer, Audience } = properties.JwtConfiguration;
    const sound =
      properties.AuthorizerType === 'JWT' &&
      properties.IdentitySource.every((source) => source === '$request.header.Authorization') &&
      Boolean(Issuer) &&
      Audience.length === 1;
    return sound ? [] : [`${id}: does not tell one issuer's tokens for one audience`];
  });
  const open = resourcesOf(template, 'AWS::ApiGatewayV2::Route', routeSchema).flatMap(
    ({ properties: { RouteKey, AuthorizationType, AuthorizerId } }) => {
      if (PUBLIC_ROUTES.has(RouteKey)) return [];
      const asked = authorizers.some(({ id }) => id === targetOf(AuthorizerId));
      return AuthorizationType === 'JWT' && asked ? [] : [`${RouteKey}: anybody may call it`];
    },
  );
  return [...unsound, ...open];
}

const PERSONAL = /\$context\.(identity|authorizer)/;

/** Every stage is throttled and logs its requests, without the caller's address. */
export function stages(template: Template): string[] {
  return resourcesOf(template, 'AWS::ApiGatewayV2::Stage', stageSchema).flatMap(
    ({ id, properties }) => {
      const limits = properties.DefaultRouteSettings;
      const findings: string[] = [];
      if (!limits || limits.ThrottlingRateLimit < 1 || limits.ThrottlingBurstLimit < 1) {
        findings.push(`${id}: is not throttled`);
      }
      if (!properties.AccessLogSettings) findings.push(`${id}: has no access log`);
      else if (PERSONAL.test(properties.AccessLogSettings.Format)) {
        findings.push(`${id}: logs who called`);
      }
      return findings;
    },
  );
}
