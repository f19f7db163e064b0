import * as z from 'zod';
import { functionNameOf } from '../../lambda/model/function-configuration.ts';
import { stableId } from '../generated-names.ts';
import { flag, harmless, integer, readProperties, type ResourceType } from '../resource-type.ts';
import { TemplateError } from '../template-error.ts';

const names = z.array(z.string()).optional();
const corsSchema = z.object({
  AllowOrigins: names,
  AllowMethods: names,
  AllowHeaders: names,
  ExposeHeaders: names,
  MaxAge: integer.optional(),
  AllowCredentials: flag.optional(),
});
const apiSchema = z.object({
  Name: z.string().optional(),
  ProtocolType: z.string().optional(),
  CorsConfiguration: corsSchema.optional(),
  Description: harmless.optional(),
  Tags: harmless.optional(),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-api.html */
export const api: ResourceType = (request, { stack, endpoint, httpApis }) => {
  const id = stableId(stack, request.logicalId, 10);
  if (request.properties['ProtocolType'] === 'WEBSOCKET') {
    const attributes = { ApiId: id, ApiEndpoint: endpoint.replace(/^http/, 'ws') };
    return { ref: id, attributes, shortcomings: ['WebSocket APIs do not run here'] };
  }
  const { properties, shortcomings } = readProperties(apiSchema, request);
  const { CorsConfiguration: cors } = properties;
  const address = httpApis.ensureApi(
    id,
    cors && {
      allowOrigins: cors.AllowOrigins,
      allowMethods: cors.AllowMethods,
      allowHeaders: cors.AllowHeaders,
      exposeHeaders: cors.ExposeHeaders,
      maxAge: cors.MaxAge,
      allowCredentials: cors.AllowCredentials,
    },
  );
  return { ref: id, attributes: { ApiId: id, ApiEndpoint: address }, shortcomings };
};

const NO_API = 'its API does not run here';

const integrationSchema = z.object({
  ApiId: z.string(),
  IntegrationType: z.string(),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.string().default('1.0'),
  ConnectionType: harmless.optional(),
  Description: harmless.optional(),
  IntegrationMethod: harmless.optional(),
  // A function's own timeout ends it earlier, or else the 30 seconds that are the default here too.
  TimeoutInMillis: harmless.optional(),
});

export const integration: ResourceType = (request, { stack, integrations, httpApis }) => {
  const id = stableId(stack, request.logicalId, 7);
  if (!httpApis.has(request.properties['ApiId'])) {
    return { ref: id, attributes: { IntegrationId: id }, shortcomings: [NO_API] };
  }
  const { properties, shortcomings } = readProperties(integrationSchema, request);
  if (properties.IntegrationType === 'AWS_PROXY') {
    integrations.set(id, {
      // Either the function's ARN, or the path that API Gateway invokes it by.
      functionName: functionNameOf(properties.IntegrationUri.replace(/\/invocations$/, '')),
      payloadFormatVersion: properties.PayloadFormatVersion,
    });
  } else {
    shortcomings.push(`only AWS_PROXY integrations run here, not ${properties.IntegrationType}`);
  }
  return { ref: id, attributes: { IntegrationId: id }, shortcomings };
};

const authorizerSchema = z.object({
  ApiId: z.string(),
  AuthorizerType: z.literal('JWT'),
  Name: z.string(),
  IdentitySource: z.union([z.array(z.string()), z.string().transform((source) => [source])]),
  JwtConfiguration: z.object({ Audience: z.array(z.string()).default([]), Issuer: z.url() }),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html */
export const authorizer: ResourceType = (request, { stack, authorizers, httpApis }) => {
  const id = stableId(stack, request.logicalId, 6);
  const values = { ref: id, attributes: { AuthorizerId: id } };
  const type = request.properties['AuthorizerType'];
  if (type !== 'JWT') {
    const shortcoming = `only JWT authorizers decide here, not ${JSON.stringify(type)}; its routes are left out`;
    return { ...values, shortcomings: [shortcoming] };
  }
  const { properties, shortcomings } = readProperties(authorizerSchema, request);
  const { Issuer: issuer, Audience: audience } = properties.JwtConfiguration;
  const identitySource = properties.IdentitySource;
  authorizers.set(id, httpApis.jwtAuthorizer({ identitySource, issuer, audience }));
  return { ...values, shortcomings };
};

const routeSchema = z.object({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.enum(['NONE', 'JWT']).optional(),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: z.array(z.string()).default([]),
  OperationName: harmless.optional(),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-route.html */
export const route: ResourceType = (request, services) => {
  const { stack, integrations, authorizers, functions, httpApis } = services;
  const id = stableId(stack, request.logicalId, 7);
  const values = { ref: id, attributes: { RouteId: id } };
  const leftOut = (reason: string) => ({ ...values, shortcomings: [reason] });
  if (!httpApis.has(request.properties['ApiId'])) return leftOut(NO_API);
  const authorization = request.properties['AuthorizationType'] ?? 'NONE';
  if (authorization !== 'NONE' && authorization !== 'JWT') {
    return leftOut(
      `authorization by ${JSON.stringify(authorization)} does not run here, so the route is left out`,
    );
  }
  const { properties, shortcomings } = readProperties(routeSchema, request);
  const authorizerOfRoute = authorizers.get(properties.AuthorizerId ?? '');
  if (authorization === 'JWT' && !authorizerOfRoute) {
    return leftOut('its authorizer does not run here, so the route is left out');
  }
  const target = integrations.get(properties.Target.replace(/^integrations\//, ''));
  if (!target) return leftOut('its integration does not run here');
  if (target.payloadFormatVersion !== '2.0') {
    return leftOut(
      `payload format ${target.payloadFormatVersion} is not spoken here, so the route is left out`,
    );
  }
  const [method, path] =
    properties.RouteKey === '$default' ? ['ANY', '$default'] : properties.RouteKey.split(' ');
  if (!method || !path) {
    throw new TemplateError(
      `Resources.${request.logicalId}.Properties.RouteKey`,
      `must be a method and a path or $default, not ${properties.RouteKey}`,
    );
  }
  if (!functions.configurations().some((each) => each.functionName === target.functionName)) {
    shortcomings.push(`its function ${target.functionName} is not here, so it answers 500`);
  }
  httpApis.addRoute(properties.ApiId, {
    method,
    path,
    ...target,
    authorization: authorizerOfRoute && {
      authorizer: authorizerOfRoute,
      scopes: properties.AuthorizationScopes,
    },
  });
  return { ...values, shortcomings };
};

const stageSchema = z.object({
  ApiId: z.string(),
  StageName: z.string(),
  AutoDeploy: harmless.optional(),
  AccessLogSettings: harmless.optional(),
  DefaultRouteSettings: z.record(z.string(), z.unknown()).optional(),
  Description: harmless.optional(),
  Tags: harmless.optional(),
});

export const stage: ResourceType = (request) => {
  const { properties, shortcomings } = readProperties(stageSchema, request);
  const { StageName: name, DefaultRouteSettings: settings = {} } = properties;
  if (name !== '$default') {
    shortcomings.push(`routes are served without the path prefix of stage ${name} here`);
  }
  if ('ThrottlingRateLimit' in settings || 'ThrottlingBurstLimit' in settings) {
    shortcomings.push('requests are not throttled here');
  }
  return { ref: name, attributes: {}, shortcomings };
};
