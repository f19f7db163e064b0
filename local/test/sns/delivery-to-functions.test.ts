import { describe, expect, it } from '@jest/globals';
import { ThrottledError } from '../../lambda/errors.ts';
import { CLIENT, makeSns, settled, type Sns } from './running-sns.ts';

async function subscribeFunction(sns: Sns, attributes: Record<string, string> = {}) {
  const { arn: topicArn } = await sns.service.ensureTopic('Events', {});
  const { arn: subscriptionArn } = await sns.service.ensureSubscription({
    topicArn,
    protocol: 'lambda',
    endpoint: 'arn:aws:lambda:us-east-1:000000000000:function:email',
    attributes,
  });
  return { topicArn, subscriptionArn };
}

describe('a function of a topic', () => {
  it('is invoked with the documented event', async () => {
    const sns = makeSns();
    sns.functions.existing.add('email');
    const { topicArn, subscriptionArn } = await subscribeFunction(sns);
    const State = { dataType: 'String', stringValue: 'Shipped' };

    const { messageId } = await sns.service.publish(
      { topicArn, message: 'text', attributes: { State }, messageGroupId: 'ORD-1' },
      CLIENT,
    );

    const [invocation] = sns.functions.invocations;
    expect(invocation).toMatchObject({
      functionName: 'email',
      source: 'SNS Events',
      subjects: ['ORD-1'],
    });
    expect(JSON.parse(invocation?.payload ?? '')).toEqual({
      Records: [
        {
          EventSource: 'aws:sns',
          EventVersion: '1.0',
          EventSubscriptionArn: subscriptionArn,
          Sns: {
            Type: 'Notification',
            MessageId: messageId,
            TopicArn: topicArn,
            Subject: null,
            Message: 'text',
            Timestamp: '2026-01-01T00:00:00.000Z',
            SignatureVersion: '1',
            Signature: expect.stringMatching(/^[\w+/]+=*$/),
            SigningCertUrl: expect.stringMatching(
              /^http:\/\/127\.0\.0\.1:4566\/SimpleNotificationService-[\da-f]{32}\.pem$/,
            ),
            UnsubscribeUrl: expect.stringContaining(subscriptionArn),
            MessageAttributes: { State: { Type: 'String', Value: 'Shipped' } },
          },
        },
      ],
    });
  });

  it('is tried again while it is throttled', async () => {
    const sns = makeSns();
    sns.functions.existing.add('email');
    sns.functions.failures = [new ThrottledError('Every environment is busy')];
    const { topicArn } = await subscribeFunction(sns);
    await sns.service.publish({ topicArn, message: 'text' }, CLIENT);

    sns.clock.advance(0);
    await settled();

    expect(sns.functions.invocations).toHaveLength(1);
    const delivered = await sns.activity.waitFor('message-delivered');
    expect(delivered).toMatchObject({ protocol: 'lambda', endpoint: 'email', attempt: 2 });
  });

  it('that does not exist leaves the message to the dead-letter queue', async () => {
    const sns = makeSns();
    const deadLetters = sns.queues.add('EmailDeadLetters');
    const { topicArn } = await subscribeFunction(sns, {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn }),
    });

    const { messageId } = await sns.service.publish({ topicArn, message: 'text' }, CLIENT);

    expect(JSON.parse(deadLetters.bodies[0] ?? '')).toMatchObject({
      Type: 'Notification',
      MessageId: messageId,
      Message: 'text',
      SigningCertURL: expect.any(String),
    });
    expect(await sns.activity.waitFor('message-dead-lettered')).toMatchObject({
      from: 'Events → email',
      deadLetterQueue: 'EmailDeadLetters',
      messageId,
      reason: 'The function email does not exist',
    });
  });
});
