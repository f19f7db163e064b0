import { PublishCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { localClientSettings } from '../../commands/deployed-stack.ts';
import { planRedrive, redriveClients } from '../../commands/redrive-plan.ts';
import { redrive } from '../../commands/redrive-queue.ts';
import { startSystem } from '../../system/start-system.ts';

/** No policy lets the topic send to the queue; the subscription's dead-letter queue is not the queue's. */
const TEMPLATE = {
  Resources: {
    News: { Type: 'AWS::SNS::Topic' },
    Readers: { Type: 'AWS::SQS::Queue' },
    Undelivered: { Type: 'AWS::SQS::Queue' },
    UndeliveredPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Undelivered' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: { 'Fn::GetAtt': ['Undelivered', 'Arn'] },
            },
          ],
        },
      },
    },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      DependsOn: ['UndeliveredPolicy'],
      Properties: {
        TopicArn: { Ref: 'News' },
        Protocol: 'sqs',
        Endpoint: { 'Fn::GetAtt': ['Readers', 'Arn'] },
        RawMessageDelivery: true,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Undelivered', 'Arn'] } },
      },
    },
  },
};

describe('A redrive of the dead-letter queue of a subscription alone', () => {
  it('sends each letter on to the queue of the subscription, as it is', async () => {
    // Prepare
    const system = await startSystem({
      template: TEMPLATE,
      codeFolder: () => '',
      port: 0,
      anyPortIfTaken: true,
      runEventSources: true,
    });
    try {
      const clients = redriveClients(localClientSettings(system.url));
      const urlOf = (id: string) =>
        system.resources.find(({ logicalId }) => logicalId === id)?.physicalId;
      await clients.sns.send(
        new PublishCommand({
          TopicArn: urlOf('News'),
          Message: 'hello',
          MessageAttributes: { Kind: { DataType: 'String', StringValue: 'greeting' } },
        }),
      );
      await system.activity.waitFor('message-dead-lettered');

      // Act
      const plans = await planRedrive(clients, system.resources);
      const results = await Promise.all(
        plans.map((plan) => redrive(clients, plan, { pollMs: 10, onProgress: () => undefined })),
      );
      const { Messages } = await clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: urlOf('Readers'), MessageAttributeNames: ['All'] }),
      );

      // Assess
      expect(plans.map(({ way, waiting }) => [way.kind, waiting])).toEqual([['send', 1]]);
      expect(results).toEqual([{ moved: 1, kept: [] }]);
      expect(Messages).toEqual([
        expect.objectContaining({
          Body: 'hello',
          MessageAttributes: { Kind: { DataType: 'String', StringValue: 'greeting' } },
        }),
      ]);
    } finally {
      await system.stop();
    }
  });
});
