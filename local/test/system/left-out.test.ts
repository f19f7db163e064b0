import { afterEach, describe, expect, it } from '@jest/globals';
import { Shop, SHOP } from './shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

const { Orders, OrdersDead, Api, PlaceOrder, RecordOrdersMapping } = SHOP.Resources;
const { PlaceOrderIntegration, PlaceOrderRoute } = SHOP.Resources;

const reasonsOf = (system: { unsupported: { logicalId: string; reason: string }[] }): string[] =>
  system.unsupported.map(({ logicalId, reason }) => `${logicalId}: ${reason}`);

describe('one thing that is not here', () => {
  it('leaves the mapping and the route of its function named, and the route answers 500', async () => {
    // Act
    const system = await shop.start({
      template: {
        Resources: {
          Orders,
          OrdersDead,
          RecordOrders: {
            Type: 'AWS::Lambda::Function',
            Properties: { FunctionName: 'image', PackageType: 'Image', Code: { ImageUri: 'x' } },
          },
          RecordOrdersMapping,
          Api,
          PlaceOrderRoute,
          PlaceOrderIntegration: {
            ...PlaceOrderIntegration,
            Properties: {
              ...PlaceOrderIntegration.Properties,
              IntegrationUri: { 'Fn::GetAtt': ['RecordOrders', 'Arn'] },
            },
          },
        },
      },
    });

    // Assess
    expect(reasonsOf(system).toSorted()).toEqual([
      'PlaceOrderRoute: its function image is not here, so it answers 500',
      'RecordOrders: container images do not run here',
      'RecordOrdersMapping: its function image is not here',
    ]);
    const response = await fetch(`${system.url}/orders`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal Server Error' });
  });

  it('leaves out a resource with a function that only AWS resolves', async () => {
    const system = await shop.start({
      template: {
        Resources: {
          OrdersDead,
          Network: {
            Type: 'AWS::SQS::Queue',
            Properties: { QueueName: { 'Fn::Cidr': ['10.0.0.0/16', 1, 8] } },
          },
        },
        Outputs: { Imported: { Value: { 'Fn::ImportValue': 'vpc' } } },
      },
    });

    expect(reasonsOf(system)).toEqual([
      'Network: it is left out: Resources.Network.Properties.QueueName: Fn::Cidr cannot be resolved here',
      'Outputs: Outputs.Imported.Value.Fn::ImportValue: the export vpc belongs to another stack, which is not here',
    ]);
    expect(system.sqs.queueByName('shop-OrdersDead')).toBeDefined();
  });

  it('leaves out a WebSocket API with its routes', async () => {
    const system = await shop.start({
      template: {
        Resources: {
          Api: {
            Type: 'AWS::ApiGatewayV2::Api',
            Properties: { ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.x' },
          },
          PlaceOrder,
          Orders,
          OrdersDead,
          PlaceOrderIntegration,
          Bucket: SHOP.Resources.Bucket,
          PlaceOrderRoute: {
            ...PlaceOrderRoute,
            Properties: { ...PlaceOrderRoute.Properties, RouteKey: '$connect' },
          },
        },
      },
    });

    expect(reasonsOf(system).toSorted()).toEqual([
      'Api: WebSocket APIs do not run here',
      'PlaceOrderIntegration: its API does not run here',
      'PlaceOrderRoute: its API does not run here',
    ]);
  });
});

describe('a function of the template', () => {
  it('runs code that stands in the template, with the log settings of the template', async () => {
    const system = await shop.start({
      template: {
        Resources: {
          Inline: {
            Type: 'AWS::Lambda::Function',
            Properties: {
              FunctionName: 'inline',
              Runtime: 'nodejs24.x',
              Handler: 'index.handler',
              Code: {
                ZipFile:
                  'exports.handler = async () => [process.env.AWS_LAMBDA_LOG_FORMAT, process.env.AWS_LAMBDA_LOG_LEVEL];',
              },
              LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'WARN', LogGroup: 'mine' },
            },
          },
        },
      },
    });

    const { payload } = await system.lambda.invoke({
      functionName: 'inline',
      payload: '{}',
      source: 'test',
    });

    expect(JSON.parse(payload)).toEqual(['JSON', 'WARN']);
    expect(system.unsupported).toEqual([]);
  });
});
