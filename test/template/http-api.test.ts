import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'template-runtime/template';
import { withoutResource, withProperty } from './altered.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import { callers, integrations, routes, stages } from './rules/http-api.ts';

let template: Template;

beforeAll(async () => {
  ({ template } = await packagedService());
}, PACKAGING_TIMEOUT_MS);

describe('the HTTP API', () => {
  it('has a function for each route, and one for every other request', () => {
    expect(routes(template)).toEqual({
      'POST /orders': 'PlaceOrderLambdaFunction',
      'GET /orders': 'ListOrdersLambdaFunction',
      'GET /orders/{orderId}': 'GetOrderLambdaFunction',
      'POST /orders/{orderId}/cancel': 'CancelOrderLambdaFunction',
      'GET /products': 'ListProductsLambdaFunction',
      $default: 'UnknownRouteLambdaFunction',
    });
  });

  it('asks who calls, but for the catalog and what is not there', () => {
    const route = 'HttpApiRouteGetOrders';
    const open = withProperty(template, route, 'AuthorizationType', undefined);
    const unknown = withProperty(template, route, 'AuthorizerId', 'none');
    const authorizer = 'HttpApiAuthorizerCustomer';
    const anyAudience = withProperty(template, authorizer, 'JwtConfiguration.Audience', []);
    const inQuery = withProperty(template, authorizer, 'IdentitySource', [
      '$request.querystring.token',
    ]);

    expect(callers(template)).toEqual([]);
    expect(callers(open)).toEqual(['GET /orders: anybody may call it']);
    expect(callers(unknown)).toEqual(['GET /orders: anybody may call it']);
    for (const loose of [anyAudience, inQuery]) {
      expect(callers(loose)).toEqual([
        `${authorizer}: does not tell one issuer's tokens for one audience`,
      ]);
    }
  });

  it('may invoke its functions', () => {
    const broken = withoutResource(template, 'PlaceOrderLambdaPermissionHttpApi');

    expect(integrations(template)).toEqual([]);
    expect(integrations(broken)).toEqual([
      'HttpApiIntegrationPlaceOrder: the API may not invoke its function',
    ]);
  });

  it('is throttled and logs nothing personal', () => {
    const open = withProperty(template, 'HttpApiStage', 'DefaultRouteSettings', undefined);
    const format = 'AccessLogSettings.Format';
    const nosy = withProperty(template, 'HttpApiStage', format, '$context.identity.sourceIp');

    expect(stages(template)).toEqual([]);
    expect(stages(open)).toEqual(['HttpApiStage: is not throttled']);
    expect(stages(nosy)).toEqual(['HttpApiStage: logs who called']);
  });
});
