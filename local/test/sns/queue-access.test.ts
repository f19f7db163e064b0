import { describe, expect, it } from '@jest/globals';
import { allowsTopic } from '../../sns/delivery/queue-access.ts';
import { CLIENT, makeSns, subscribeQueue } from './running-sns.ts';

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:queue';
const topicArn = 'arn:aws:sns:us-east-1:000000000000:Events';
const request = { queueArn, topicArn, accountId: '000000000000' };

const allow = {
  Effect: 'Allow',
  Principal: { Service: 'sns.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: queueArn,
  Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
};
const tlsOnly = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'sqs:*',
  Resource: queueArn,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const allows = (...statements: object[]): boolean =>
  allowsTopic(JSON.stringify({ Version: '2012-10-17', Statement: statements }), request);

describe('the policy of a queue', () => {
  it.each([
    ['the topic by ARN', { ...allow }],
    ['any principal', { ...allow, Principal: '*' }],
    ['any AWS principal', { ...allow, Principal: { AWS: '*' } }],
    ['every action', { ...allow, Action: ['SQS:*'] }],
    ['a pattern', { ...allow, Condition: { ArnLike: { 'AWS:SourceArn': '*:Ev*' } } }],
    [
      'the account',
      { ...allow, Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } } },
    ],
    ['no condition', { ...allow, Condition: undefined }],
  ])('lets a topic in by %s', (_, statement) => {
    expect(allows(tlsOnly, statement)).toBe(true);
  });

  it.each([
    ['another topic', { ...allow, Condition: { ArnEquals: { 'aws:SourceArn': `${topicArn}2` } } }],
    ['another service', { ...allow, Principal: { Service: 's3.amazonaws.com' } }],
    ['another action', { ...allow, Action: 'sqs:ReceiveMessage' }],
    ['another queue', { ...allow, Resource: `${queueArn}2` }],
    ['an unknown condition', { ...allow, Condition: { DateLessThan: { 'aws:CurrentTime': '1' } } }],
    ['no principal', { ...allow, Principal: undefined }],
  ])('keeps a topic out that is admitted for %s', (_, statement) => {
    expect(allows(statement)).toBe(false);
  });

  it('keeps out what another statement denies', () => {
    const deny = { ...allow, Effect: 'Deny' };
    const denyOthers = {
      ...deny,
      Condition: { ArnNotEquals: { 'aws:SourceArn': topicArn } },
    };

    expect(allows(allow, deny)).toBe(false);
    expect(allows(allow, denyOthers)).toBe(true);
  });

  it('is missing: nothing gets in', () => {
    expect(allowsTopic(undefined, request)).toBe(false);
  });
});

describe('a queue that keeps its topic out', () => {
  it('leaves the message to the dead-letter queue, until its policy admits the topic', async () => {
    const sns = makeSns();
    const { arn } = await sns.service.ensureTopic('Events', {});
    const deadLetters = sns.queues.add('dead');
    const queue = await subscribeQueue(sns, arn, 'queue', {
      RawMessageDelivery: 'true',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn }),
    });
    const { policy } = queue;
    queue.policy = undefined;

    await sns.service.publish({ topicArn: arn, message: 'kept out' }, CLIENT);
    queue.policy = policy;
    await sns.service.publish({ topicArn: arn, message: 'let in' }, CLIENT);

    expect(deadLetters.bodies).toEqual(['kept out']);
    expect(queue.bodies).toEqual(['let in']);
  });

  it('loses the message when the dead-letter queue keeps the topic out too, and says so', async () => {
    const sns = makeSns();
    const { arn } = await sns.service.ensureTopic('Events', {});
    const deadLetters = sns.queues.add('dead', '{"Statement": []}');
    const queue = await subscribeQueue(sns, arn, 'queue', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn }),
    });
    sns.queues.remove(queue);

    await sns.service.publish({ topicArn: arn, message: 'text' }, CLIENT);

    const failures = sns.activity.since().filter(({ type }) => type === 'delivery-failed');
    expect(failures).toMatchObject([
      { endpoint: 'queue', final: true },
      {
        endpoint: 'dead',
        final: true,
        reason: expect.stringContaining('The policy of queue dead'),
      },
    ]);
  });
});
