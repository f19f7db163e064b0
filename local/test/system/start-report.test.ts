import { afterEach, describe, expect, it } from '@jest/globals';
import { Shop, SHOP } from './shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

const { Events } = SHOP.Resources;

describe('what of a template does not work here', () => {
  it('is named, resource by resource, while the rest runs', async () => {
    // Act
    const system = await shop.start({
      template: {
        Resources: {
          Events,
          Stream: { Type: 'AWS::Kinesis::Stream' },
          Mail: {
            Type: 'AWS::SNS::Subscription',
            Properties: {
              TopicArn: { Ref: 'Events' },
              Protocol: 'email',
              Endpoint: 'ada@example.com',
            },
          },
          Alarm: { Type: 'AWS::CloudWatch::Alarm' },
          Table: {
            ...SHOP.Resources.Table,
            Properties: {
              ...SHOP.Resources.Table.Properties,
              TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
              StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
            },
          },
          Python: {
            Type: 'AWS::Lambda::Function',
            Properties: { Handler: 'a.b', Runtime: 'python3.13', Code: { S3Key: 'a.zip' } },
          },
          StreamMapping: {
            Type: 'AWS::Lambda::EventSourceMapping',
            Properties: {
              EventSourceArn: { 'Fn::GetAtt': ['Stream', 'Arn'] },
              FunctionName: { Ref: 'Python' },
            },
          },
          Key: { Type: 'AWS::KMS::Key' },
        },
        Outputs: { StreamName: { Value: { Ref: 'Stream' } } },
      },
    });

    // Assess
    const reasons = system.unsupported.map(({ logicalId, reason }) => `${logicalId}: ${reason}`);
    expect(reasons.toSorted()).toEqual([
      'Alarm: alarms are not evaluated here',
      'Mail: nothing is delivered by email here (to ada@example.com)',
      'Python: its runtime python3.13 cannot run here, only Node.js can',
      'Stream: AWS::Kinesis::Stream is not emulated here',
      'StreamMapping: only SQS queues are read here, not "arn:aws:kinesis:us-east-1:000000000000:shop-Stream"',
      'Table: items do not expire here (expiresAt)',
      'Table: its property StreamSpecification has no effect here',
    ]);
    expect(system.outputs).toEqual({ StreamName: 'shop-Stream' });
    expect(system.resources.map(({ logicalId }) => logicalId)).toContain('Key');
  });

  it.each<[string, object, RegExp]>([
    [
      'a property of the wrong type',
      { Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 'long' } } },
      /^Resources\.Queue\.Properties\.VisibilityTimeout: /,
    ],
    [
      'a value that the service refuses',
      { Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 43_201 } } },
      /^Resources\.Queue \(AWS::SQS::Queue\): .*VisibilityTimeout/,
    ],
    [
      'a filter policy that SNS refuses',
      {
        Events,
        Dead: { Type: 'AWS::SQS::Queue' },
        Bad: {
          Type: 'AWS::SNS::Subscription',
          Properties: {
            TopicArn: { Ref: 'Events' },
            Protocol: 'sqs',
            Endpoint: { 'Fn::GetAtt': ['Dead', 'Arn'] },
            FilterPolicy: { State: [] },
          },
        },
      },
      /^Resources\.Bad \(AWS::SNS::Subscription\): .*FilterPolicy/,
    ],
    [
      'a policy of a queue that is not there',
      {
        Policy: {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: { Queues: ['http://127.0.0.1/000000000000/none'], PolicyDocument: {} },
        },
      },
      /^Resources\.Policy\.Properties\.Queues: there is no queue/,
    ],
  ])('ends the start when it is %s', async (_, Resources, message) => {
    await expect(shop.start({ template: { Resources } })).rejects.toThrow(message);
  });
});
