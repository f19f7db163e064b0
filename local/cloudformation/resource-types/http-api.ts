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
export const api: ResourceType = (request, { stack, endpoint, httpApi }) => {
  const { properties, shortcomings } = readProperties(apiSchema, request);
  if (properties.ProtocolType === 'WEBSOCKET') shortcomings.push('WebSocket APIs do not run here');
  const { CorsConfiguration: cors } = properties;
  httpApi.configureCors(
    cors && {
      allowOrigins: cors.AllowOrigins,
      allowMethods: cors.AllowMethods,
      allowHeaders: cors.AllowHeaders,
      exposeHeaders: cors.ExposeHeaders,
      maxAge: cors.MaxAge,
      allowCredentials: cors.AllowCredentials,
    },
  );
  const id = stableId(stack, request.logicalId, 10);
  return { ref: id, attributes: { ApiId: id, ApiEndpoint: endpoint }, shortcomings };
};

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

export const integration: ResourceType = (request, { stack, integrations }) => {
  const { properties, shortcomings } = readProperties(integrationSchema, request);
  const id = stableId(stack, request.logicalId, 7);
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

const routeSchema = z.object({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.literal('NONE').optional(),
  OperationName: harmless.optional(),
});

export const route: ResourceType = (request, { stack, integrations, httpApi }) => {
  const id = stableId(stack, request.logicalId, 7);
  const values = { ref: id, attributes: { RouteId: id } };
  const authorization = request.properties['AuthorizationType'];
  if (authorization !== undefined && authorization !== 'NONE') {
    const shortcoming = `authorization by ${JSON.stringify(authorization)} does not run here, so the route is left out`;
    return { ...values, shortcomings: [shortcoming] };
  }
  const { properties, shortcomings } = readProperties(routeSchema, request);
  const target = integrations.get(properties.Target.replace(/^integrations\//, ''));
  if (!target) return { ...values, shortcomings: ['its integration does not run here'] };
  const [method, path] =
    properties.RouteKey === '$default' ? ['ANY', '$default'] : properties.RouteKey.split(' ');
  if (!method || !path) {
    throw new TemplateError(
      `Resources.${request.logicalId}.Properties.RouteKey`,
      `must be a method and a path or $default, not ${properties.RouteKey}`,
    );
  }
  httpApi.addRoute({ method, path, ...target });
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
