import { afterEach, expect, it } from '@jest/globals';
import { Shop, SHOP } from '../../system/shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

const { Bucket, Orders, OrdersDead, PlaceOrder, PlaceOrderIntegration, PlaceOrderRoute } =
  SHOP.Resources;
const TEMPLATE = {
  Resources: {
    Bucket,
    Orders,
    OrdersDead,
    PlaceOrder,
    PlaceOrderIntegration,
    PlaceOrderRoute,
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: {
        Name: 'shop',
        ProtocolType: 'HTTP',
        CorsConfiguration: {
          AllowOrigins: ['https://shop.example.com'],
          AllowMethods: ['POST'],
          AllowHeaders: ['content-type'],
          ExposeHeaders: ['etag'],
          MaxAge: '600',
          AllowCredentials: true,
        },
        DisableExecuteApiEndpoint: true,
      },
    },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        ApiId: { Ref: 'Api' },
        StageName: '$default',
        AutoDeploy: true,
        DefaultRouteSettings: { ThrottlingRateLimit: 5 },
        StageVariables: { color: 'blue' },
      },
    },
    Sender: { Type: 'AWS::SES::EmailIdentity', Properties: { EmailIdentity: 'example.com' } },
  },
};
const ORIGIN = 'https://shop.example.com';

it('an HTTP API of the template has the routes and the CORS of its properties', async () => {
  // Prepare
  const system = await shop.start({ template: TEMPLATE });

  // Act
  const preflight = await fetch(`${system.url}/orders`, {
    method: 'OPTIONS',
    headers: {
      origin: ORIGIN,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  });
  const answer = await fetch(`${system.url}/orders`, {
    method: 'POST',
    headers: { origin: ORIGIN },
    body: '{}',
  });

  // Assess
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': ORIGIN,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': '600',
    'access-control-allow-credentials': 'true',
  });
  expect(answer.status).toBe(202);
  expect(answer.headers.get('access-control-expose-headers')).toBe('etag');
});

it('a property of an HTTP API or its stage that is not read is named', async () => {
  const system = await shop.start({ template: TEMPLATE });

  expect(system.unsupported.map(({ logicalId, reason }) => `${logicalId}: ${reason}`)).toEqual(
    expect.arrayContaining([
      'Api: its property DisableExecuteApiEndpoint has no effect here',
      'Stage: its property StageVariables has no effect here',
      'Stage: requests are not throttled here',
    ]),
  );
});

it('an SES identity of the template is one that may send', async () => {
  // Prepare
  const system = await shop.start({ template: TEMPLATE });
  const signed = 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ses/aws4_request';

  // Act
  const answer = await fetch(`${system.url}/v2/email/identities/example.com`, {
    headers: { authorization: signed },
  });

  // Assess
  expect(await answer.json()).toMatchObject({
    IdentityType: 'DOMAIN',
    VerifiedForSendingStatus: true,
  });
});
