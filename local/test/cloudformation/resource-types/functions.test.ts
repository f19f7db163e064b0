import { afterEach, expect, it } from '@jest/globals';
import { Shop } from '../../system/shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

const FILTER = { Pattern: '{"body":{"state":["Placed"]}}' };
const TEMPLATE = {
  Resources: {
    Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } },
    Worker: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'worker',
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        Role: 'arn:aws:iam::000000000000:role/worker',
        Code: { S3Bucket: 'packages', S3Key: 'worker.zip' },
        MemorySize: 512,
        Timeout: '7',
        Environment: { Variables: { LIMIT: 5, STRICT: true, NAME: 'worker' } },
        ReservedConcurrentExecutions: 3,
        DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
        LoggingConfig: {
          LogGroup: '/workers',
          LogFormat: 'JSON',
          ApplicationLogLevel: 'WARN',
          SystemLogLevel: 'INFO',
        },
        Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:tracing:1'],
      },
    },
    Invocations: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Worker' },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 1,
        MaximumEventAgeInSeconds: 90,
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Dead', 'Arn'] } } },
      },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Worker' },
        EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
        Enabled: false,
        BatchSize: 20,
        MaximumBatchingWindowInSeconds: 3,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 2 },
        FilterCriteria: { Filters: [FILTER] },
        ProvisionedPollerConfig: { MinimumPollers: 2 },
      },
    },
  },
};

/** What Lambda's API answers at `path`. */
async function ask(url: string, path: string): Promise<unknown> {
  const authorization = 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request';
  const answer = await fetch(`${url}/2015-03-31${path}`, { headers: { authorization } });
  return answer.json();
}

it('a function of the template has what its properties say', async () => {
  // Prepare
  const system = await shop.start({ template: TEMPLATE });

  // Act
  const shown = await ask(system.url, '/functions/worker/configuration');

  // Assess
  expect(shown).toMatchObject({
    FunctionName: 'worker',
    Handler: 'index.handler',
    Runtime: 'nodejs22.x',
    Role: 'arn:aws:iam::000000000000:role/worker',
    MemorySize: 512,
    Timeout: 7,
    Environment: { Variables: { LIMIT: '5', STRICT: 'true', NAME: 'worker' } },
    DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
    LoggingConfig: {
      LogGroup: '/workers',
      LogFormat: 'JSON',
      ApplicationLogLevel: 'WARN',
      SystemLogLevel: 'INFO',
    },
  });
  expect(system.lambda.configurations()).toEqual([
    expect.objectContaining({
      reservedConcurrency: 3,
      maximumRetryAttempts: 1,
      maximumEventAgeSeconds: 90,
      onFailureDestinationArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
    }),
  ]);
});

it('an event source mapping of the template has what its properties say', async () => {
  // Prepare
  const system = await shop.start({ template: TEMPLATE });

  // Act
  const mappings = await ask(system.url, '/event-source-mappings/');

  // Assess
  expect(mappings).toMatchObject({
    EventSourceMappings: [
      {
        FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
        EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:shop-Queue',
        State: 'Disabled',
        BatchSize: 20,
        MaximumBatchingWindowInSeconds: 3,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 2 },
        FilterCriteria: { Filters: [FILTER] },
      },
    ],
  });
});

it('a property of a function or a mapping that is not read is named', async () => {
  const system = await shop.start({ template: TEMPLATE });

  expect(system.unsupported.map(({ logicalId, reason }) => [logicalId, reason])).toEqual([
    ['Worker', 'its property Layers has no effect here'],
    ['Mapping', 'its property ProvisionedPollerConfig has no effect here'],
  ]);
});
