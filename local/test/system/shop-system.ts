import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startSystem, type System } from '../../system/start-system.ts';

/** Answers with its environment, so that a test sees what the template made of it. */
export const PLACE_ORDER = `
export const handler = async (event) => ({
  statusCode: 202,
  body: JSON.stringify({
    order: JSON.parse(event.body),
    queue: process.env.QUEUE_URL,
    dynamodb: process.env.AWS_ENDPOINT_URL_DYNAMODB,
  }),
});`;

/** Writes each message of its queue to the table, by a plain request: it has no SDK. */
export const RECORD_ORDERS = `
export const handler = async (event) => {
  for (const { messageId, body } of event.Records) {
    const response = await fetch(process.env.AWS_ENDPOINT_URL_DYNAMODB, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.PutItem',
        'x-amz-date': '20260101T000000Z',
        authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID +
          '/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
      },
      body: JSON.stringify({
        TableName: process.env.TABLE,
        Item: { orderId: { S: body }, messageId: { S: messageId } },
      }),
    });
    if (!response.ok) throw new Error(await response.text());
  }
};`;

const functionResource = (name: string, Variables: object, rest: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: { 'Fn::Sub': `\${AWS::StackName}-${name}` },
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { S3Bucket: { Ref: 'Bucket' }, S3Key: `${name}.zip` },
    Timeout: 5,
    Environment: { Variables },
    ...rest,
  },
});

/** A shop: a route, a topic with a filter, a queue, a function that reads it, a table. */
export const SHOP = {
  Metadata: { LocalRuntime: { SubjectAttribute: 'OrderId' } },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Orders: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 30,
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': ['OrdersDead', 'Arn'] },
          maxReceiveCount: 3,
        },
      },
    },
    OrdersDead: { Type: 'AWS::SQS::Queue' },
    Kept: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'kept.fifo', FifoQueue: true } },
    OrdersPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Orders' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: { 'Fn::GetAtt': ['Orders', 'Arn'] },
            Condition: { ArnEquals: { 'aws:SourceArn': { Ref: 'Events' } } },
          },
        },
      },
    },
    Events: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'events' } },
    OrdersSubscription: {
      Type: 'AWS::SNS::Subscription',
      DependsOn: 'OrdersPolicy',
      Properties: {
        TopicArn: { Ref: 'Events' },
        Protocol: 'sqs',
        Endpoint: { 'Fn::GetAtt': ['Orders', 'Arn'] },
        RawMessageDelivery: 'true',
        FilterPolicy: { State: ['Placed'] },
      },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'orderId', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'orderId', KeyType: 'HASH' }],
      },
    },
    RecordOrders: functionResource('recordOrders', { TABLE: { Ref: 'Table' } }),
    RecordOrdersMapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['Orders', 'Arn'] },
        FunctionName: { 'Fn::GetAtt': ['RecordOrders', 'Arn'] },
        BatchSize: 10,
      },
    },
    PlaceOrder: functionResource('placeOrder', { QUEUE_URL: { Ref: 'Orders' } }),
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'shop', ProtocolType: 'HTTP' } },
    PlaceOrderIntegration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: {
          'Fn::Sub':
            'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${PlaceOrder.Arn}/invocations',
        },
        PayloadFormatVersion: '2.0',
      },
    },
    PlaceOrderRoute: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: 'POST /orders',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'PlaceOrderIntegration' }]] },
      },
    },
  },
  Outputs: {
    OrdersUrl: { Value: { Ref: 'Orders' } },
    KeptUrl: { Value: { Ref: 'Kept' } },
    EventsArn: { Value: { Ref: 'Events' } },
    TableName: { Value: { Ref: 'Table' } },
    ApiUrl: {
      Value: { 'Fn::Sub': 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/orders' },
    },
  },
};

/** Systems and folders of one test, to be closed after it. */
export class Shop {
  readonly #cleanUp: (() => Promise<unknown>)[] = [];

  afterwards(task: () => unknown): void {
    this.#cleanUp.push(async () => task());
  }

  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'system-'));
    this.afterwards(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  async start({
    template = SHOP,
    dataDir,
    runEventSources = true,
    port = 0,
    region,
    onError = (error) => {
      throw error;
    },
  }: {
    template?: unknown;
    dataDir?: string;
    runEventSources?: boolean;
    port?: number;
    region?: string;
    onError?: (error: unknown) => void;
  } = {}): Promise<System> {
    const system = await startSystem({
      template,
      codeFolder: (_, s3Key) =>
        this.package(s3Key.startsWith('placeOrder') ? PLACE_ORDER : RECORD_ORDERS),
      port,
      anyPortIfTaken: true,
      runEventSources,
      stackName: 'shop',
      ...(dataDir === undefined ? {} : { dataDir }),
      ...(region === undefined ? {} : { region }),
      onError,
    });
    this.afterwards(() => system.stop());
    return system;
  }

  /** Writes the package of a function with one module. */
  async package(source: string): Promise<string> {
    const folder = await this.folder();
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'index.js'), source);
    return folder;
  }

  /** SDK clients of the one endpoint. */
  clients(system: System): { sqs: SQSClient; sns: SNSClient; dynamodb: DynamoDBClient } {
    const configuration = {
      endpoint: system.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const clients = {
      sqs: new SQSClient(configuration),
      sns: new SNSClient(configuration),
      dynamodb: new DynamoDBClient(configuration),
    };
    this.afterwards(() => Object.values(clients).forEach((client) => client.destroy()));
    return clients;
  }

  async cleanUp(): Promise<void> {
    for (const task of this.#cleanUp.splice(0).toReversed()) await task();
  }
}
