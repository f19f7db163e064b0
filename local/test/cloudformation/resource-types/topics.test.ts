import { afterEach, describe, expect, it } from '@jest/globals';
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  PublishCommand,
} from '@aws-sdk/client-sns';
import { Shop } from '../../system/shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

const POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: '*' }],
};
const TEMPLATE = {
  Resources: {
    Topic: {
      Type: 'AWS::SNS::Topic',
      Properties: {
        TopicName: 'events.fifo',
        FifoTopic: true,
        ContentBasedDeduplication: true,
        FifoThroughputScope: 'MessageGroup',
        KmsMasterKeyId: 'alias/events',
        DisplayName: 'Events',
        SignatureVersion: '2',
        TracingConfig: 'Active',
        Tags: [{ Key: 'stage', Value: 'dev' }],
      },
    },
    Policy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: POLICY },
    },
    Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead.fifo', FifoQueue: true } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'queue.fifo', FifoQueue: true } },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        TopicArn: { Ref: 'Topic' },
        Protocol: 'sqs',
        Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
        RawMessageDelivery: true,
        FilterPolicyScope: 'MessageBody',
        FilterPolicy: { state: ['Placed'] },
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
      },
    },
  },
  Outputs: { Topic: { Value: { Ref: 'Topic' } }, Subscription: { Value: { Ref: 'Subscription' } } },
};

describe('a topic of the template', () => {
  it('keeps its attributes beside those of its policy', async () => {
    // Act
    const system = await shop.start({ template: TEMPLATE });

    // Assess
    const { sns } = shop.clients(system);
    const TopicArn = system.outputs['Topic'];
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({
      FifoTopic: 'true',
      ContentBasedDeduplication: 'true',
      FifoThroughputScope: 'MessageGroup',
      KmsMasterKeyId: 'alias/events',
      DisplayName: 'Events',
      SignatureVersion: '2',
      TracingConfig: 'Active',
    });
    expect(JSON.parse(Attributes?.['Policy'] ?? '')).toEqual(POLICY);
    const tags = await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
    expect(tags.Tags).toEqual([{ Key: 'stage', Value: 'dev' }]);
    const publish = new PublishCommand({ TopicArn, Message: '{}', MessageGroupId: 'a' });
    await expect(sns.send(publish)).resolves.toHaveProperty('SequenceNumber');
  });

  it('has subscriptions with every attribute', async () => {
    const system = await shop.start({ template: TEMPLATE });

    const { sns } = shop.clients(system);
    const { Attributes = {} } = await sns.send(
      new GetSubscriptionAttributesCommand({ SubscriptionArn: system.outputs['Subscription'] }),
    );

    expect(Attributes).toMatchObject({
      RawMessageDelivery: 'true',
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: '{"state":["Placed"]}',
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead.fifo"}',
    });
    expect(system.unsupported).toEqual([]);
  });
});
