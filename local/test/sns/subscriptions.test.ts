import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLIENT, startSns, subscribeQueue } from './running-sns.ts';

const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:email';

describe('subscriptions', () => {
  let sns: Awaited<ReturnType<typeof startSns>>;
  let topicArn: string;
  let fifoArn: string;
  beforeAll(async () => {
    sns = await startSns();
    topicArn = (await sns.service.ensureTopic('Events', {})).arn;
    fifoArn = (await sns.service.ensureTopic('Events.fifo', { FifoTopic: 'true' })).arn;
  });
  afterAll(() => sns.stop());

  const subscribe = (
    Protocol: string,
    Endpoint: string,
    Attributes: Record<string, string> = {},
    TopicArn = topicArn,
  ) => sns.client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }));

  it('are one per endpoint', async () => {
    const attributes = { RawMessageDelivery: 'true' };
    const first = await subscribe('sqs', queueArn('one'), attributes);
    const second = await subscribe('sqs', queueArn('one'));

    expect(first.SubscriptionArn).toMatch(
      /^arn:aws:sns:us-east-1:000000000000:Events:[\da-f-]{36}$/,
    );
    expect(second.SubscriptionArn).toBe(first.SubscriptionArn);
    await expect(
      subscribe('sqs', queueArn('one'), { RawMessageDelivery: 'false' }),
    ).rejects.toThrow(
      'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
    );
  });

  it('are the same with a default left out or a boolean written otherwise', async () => {
    const endpoint = queueArn('same');
    const filter = { FilterPolicy: '{"State":["Placed"]}' };
    const { SubscriptionArn } = await subscribe('sqs', endpoint, {
      RawMessageDelivery: 'True',
      ...filter,
    });

    const again = await Promise.all([
      subscribe('sqs', endpoint, { RawMessageDelivery: 'true' }),
      subscribe('sqs', endpoint, { FilterPolicyScope: 'MessageAttributes' }),
      subscribe('sqs', endpoint, filter),
      subscribe('sqs', endpoint),
    ]);

    expect(again.map((each) => each.SubscriptionArn)).toEqual(Array(4).fill(SubscriptionArn));
    await expect(subscribe('sqs', endpoint, { FilterPolicyScope: 'MessageBody' })).rejects.toThrow(
      'already exists with different attributes',
    );
  });

  it('do not take an empty text for a filter policy', async () => {
    const { SubscriptionArn } = await subscribe('sqs', queueArn('unfiltered'));
    const empty = { AttributeName: 'FilterPolicy', AttributeValue: '' };

    await expect(
      sns.client.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, ...empty })),
    ).rejects.toThrow('Invalid parameter: FilterPolicy: failed to parse JSON.');
  });

  it.each([
    ['sqs', queueArn('q.fifo'), {}, 'FIFO SQS Queues can not be subscribed to standard SNS topics'],
    ['sqs', 'queue', {}, 'Invalid parameter: SQS endpoint ARN'],
    ['lambda', 'email', {}, 'Invalid parameter: Lambda endpoint ARN'],
    ['pigeon', 'x', {}, 'Amazon SNS does not support this protocol string: pigeon'],
    ['https', 'https://x.test', {}, 'the local runtime posts to this machine only'],
    ['http', 'https://localhost', {}, 'Endpoint must match the specified protocol'],
    ['email', 'a@x.test', {}, 'the local runtime does not deliver by email yet'],
    ['sqs', queueArn('x'), { Unknown: '1' }, 'Invalid parameter: Attributes Reason: AttributeName'],
    [
      'sqs',
      queueArn('x'),
      { RawMessageDelivery: 'yes' },
      'Invalid value [yes]. Must be true or false.',
    ],
    ['lambda', LAMBDA, { RawMessageDelivery: 'true' }, 'does not support raw message delivery'],
    ['sqs', queueArn('x'), { RedrivePolicy: '{}' }, 'deadLetterTargetArn is an invalid arn'],
    ['sqs', queueArn('x'), { RedrivePolicy: '{' }, 'RedrivePolicy: failed to parse JSON.'],
    [
      'sqs',
      queueArn('x'),
      { FilterPolicyScope: 'Body' },
      'Attributes Reason: FilterPolicyScope: Invalid value [Body]. Please use either MessageBody or MessageAttributes',
    ],
    [
      'sqs',
      queueArn('x'),
      { FilterPolicy: '{"a":"x"}' },
      'Invalid parameter: Attributes Reason: FilterPolicy: "a" must be an object or an array',
    ],
  ])('are refused: %s %s %j', async (protocol, endpoint, attributes, message) => {
    await expect(subscribe(protocol, endpoint, attributes)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });

  it('of a FIFO topic are queues whose dead-letter queue is of their kind', async () => {
    const redrive = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('dlq') }) };

    await expect(subscribe('lambda', LAMBDA, {}, fifoArn)).rejects.toThrow('Invalid protocol type');
    await expect(subscribe('sqs', queueArn('q.fifo'), redrive, fifoArn)).rejects.toThrow(
      'RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.',
    );
    await subscribe('sqs', queueArn('standard'), redrive, fifoArn);
  });

  it('tell their attributes', async () => {
    const { SubscriptionArn } = await subscribe('sqs', queueArn('told'));
    const set = (AttributeName: string, AttributeValue: string) =>
      sns.client.send(
        new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }),
      );
    await set('FilterPolicy', '{"State":["Placed"]}');

    const { Attributes } = await sns.client.send(
      new GetSubscriptionAttributesCommand({ SubscriptionArn }),
    );

    expect(Attributes).toEqual({
      ConfirmationWasAuthenticated: 'true',
      Endpoint: queueArn('told'),
      FilterPolicy: '{"State":["Placed"]}',
      FilterPolicyScope: 'MessageAttributes',
      Owner: '000000000000',
      PendingConfirmation: 'false',
      Protocol: 'sqs',
      RawMessageDelivery: 'false',
      SubscriptionArn,
      SubscriptionPrincipal: 'arn:aws:iam::000000000000:root',
      TopicArn: topicArn,
    });
  });

  it('do not go back to attributes with a nested policy', async () => {
    const { SubscriptionArn } = await subscribe('sqs', queueArn('scoped'), {
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: '{"order":{"state":["Placed"]}}',
    });
    const setting = { AttributeName: 'FilterPolicyScope', AttributeValue: 'MessageAttributes' };

    await expect(
      sns.client.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, ...setting })),
    ).rejects.toThrow(
      'Filter policy scope MessageAttributes does not support nested filter policy',
    );
  });

  it('lose their filter with an empty policy', async () => {
    const { arn } = await sns.service.ensureTopic('Emptied', {});
    const queue = await subscribeQueue(sns, arn, 'emptied', { FilterPolicy: '{"a":["x"]}' });
    const publish = () => sns.service.publish({ topicArn: arn, message: 'text' }, CLIENT);
    await publish();

    await sns.client.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn: queue.subscriptionArn,
        AttributeName: 'FilterPolicy',
        AttributeValue: '{}',
      }),
    );
    await publish();

    expect(queue.sent).toHaveLength(1);
  });

  it('are listed by the hundred, of all topics or of one', async () => {
    const { arn } = await sns.service.ensureTopic('Many', {});
    for (let index = 0; index < 101; index++) await subscribeQueue(sns, arn, `many${index}`);

    const first = await sns.client.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn }));
    const { NextToken } = first;
    const rest = await sns.client.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: arn, NextToken }),
    );
    const all = await sns.client.send(new ListSubscriptionsCommand({}));

    expect([first.Subscriptions, rest.Subscriptions].map((list) => list?.length)).toEqual([100, 1]);
    expect(all.Subscriptions).toHaveLength(100);
  });

  it('end by the link in a notification, without a signature', async () => {
    const { arn } = await sns.service.ensureTopic('Linked', {});
    const queue = await subscribeQueue(sns, arn, 'linked');
    await sns.service.publish({ topicArn: arn, message: 'text' }, CLIENT);
    const { UnsubscribeURL }: { UnsubscribeURL: string } = JSON.parse(queue.bodies[0] ?? '');

    const { search } = new URL(UnsubscribeURL);
    const answer = await fetch(`${sns.url}/${search}`);
    await sns.service.publish({ topicArn: arn, message: 'text' }, CLIENT);

    expect(answer.status).toBe(200);
    expect(queue.sent).toHaveLength(1);
  });

  it.each([
    ['arn:aws:sqs:us-east-1:000000000000:queue:1', 'SubscriptionArn'],
    ['arn:aws:sns:eu-west-1:000000000000:Events:1', 'SubscriptionArn'],
    ['arn:aws:sns:us-east-1:111122223333:Events:1', 'SubscriptionArn'],
    ['arn:aws:sns:us-east-1:000000000000:Events', 'SubscriptionId'],
  ])('are not ended by the ARN %s', async (SubscriptionArn, parameter) => {
    await expect(sns.client.send(new UnsubscribeCommand({ SubscriptionArn }))).rejects.toThrow(
      `Invalid parameter: ${parameter}`,
    );
  });

  it('may be ended twice', async () => {
    const { SubscriptionArn } = await subscribe('sqs', queueArn('ended'));
    await sns.client.send(new UnsubscribeCommand({ SubscriptionArn }));
    await sns.client.send(new UnsubscribeCommand({ SubscriptionArn }));

    await expect(
      sns.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })),
    ).rejects.toMatchObject({ message: 'Subscription does not exist' });
    await expect(
      sns.client.send(new UnsubscribeCommand({ SubscriptionArn: 'a:b' })),
    ).rejects.toThrow('SubscriptionArn Reason: An ARN must have at least 6 elements, not 2');
  });
});
