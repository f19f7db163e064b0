import { afterEach, describe, expect, it } from '@jest/globals';
import { GetQueueAttributesCommand, ListQueueTagsCommand } from '@aws-sdk/client-sqs';
import { Shop } from '../../system/shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

const POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*' }],
};
const TEMPLATE = {
  Resources: {
    Dead: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        FifoQueue: true,
        RedriveAllowPolicy: { redrivePermission: 'allowAll' },
      },
    },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'orders.fifo',
        FifoQueue: true,
        ContentBasedDeduplication: true,
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
        VisibilityTimeout: 61,
        MessageRetentionPeriod: 3_600,
        DelaySeconds: 7,
        ReceiveMessageWaitTimeSeconds: 5,
        MaximumMessageSize: 2_048,
        KmsMasterKeyId: 'alias/orders',
        KmsDataKeyReusePeriodSeconds: 600,
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] },
          maxReceiveCount: 4,
        },
        Tags: [{ Key: 'stage', Value: 'dev' }],
      },
    },
    Policy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: POLICY },
    },
  },
  Outputs: { Queue: { Value: { Ref: 'Queue' } }, Dead: { Value: { Ref: 'Dead' } } },
};

describe('a queue of the template', () => {
  it('shows every property as an attribute or a tag', async () => {
    // Act
    const system = await shop.start({ template: TEMPLATE });

    // Assess
    const { sqs } = shop.clients(system);
    const attributesOf = async (QueueUrl: string | undefined) =>
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })))
        .Attributes ?? {};
    const { Queue: QueueUrl, Dead } = system.outputs;
    const { Policy = '', RedrivePolicy = '', ...attributes } = await attributesOf(QueueUrl);
    expect(attributes).toMatchObject({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      VisibilityTimeout: '61',
      MessageRetentionPeriod: '3600',
      DelaySeconds: '7',
      ReceiveMessageWaitTimeSeconds: '5',
      MaximumMessageSize: '2048',
      KmsMasterKeyId: 'alias/orders',
      KmsDataKeyReusePeriodSeconds: '600',
    });
    expect(JSON.parse(Policy)).toEqual(POLICY);
    expect(JSON.parse(RedrivePolicy)).toEqual({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:shop-Dead.fifo',
      maxReceiveCount: 4,
    });
    expect((await attributesOf(Dead))['RedriveAllowPolicy']).toBe(
      '{"redrivePermission":"allowAll"}',
    );
    const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }));
    expect(Tags).toEqual({ stage: 'dev' });
    expect(system.unsupported).toEqual([]);
  });
});
