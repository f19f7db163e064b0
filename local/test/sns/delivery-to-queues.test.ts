import { createVerify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { MessageSigner, stringToSign } from '../../sns/delivery/message-signer.ts';
import { memoryStorage } from '../../storage/memory-storage.ts';
import { ManualClock } from '../manual-clock.ts';
import { CLIENT, makeSns, subscribeQueue } from './running-sns.ts';

const attributes = {
  State: { dataType: 'String', stringValue: 'Placed' },
  data: { dataType: 'Binary', binaryValue: 'AgME' },
};

describe('a queue of a topic', () => {
  it('receives a notification with its members in the documented order', async () => {
    const sns = makeSns();
    const { arn: topicArn } = await sns.service.ensureTopic('Events', {});
    const queue = await subscribeQueue(sns, topicArn, 'all');

    const { messageId } = await sns.service.publish(
      { topicArn, message: 'text "quoted"\n', subject: 'About', attributes },
      CLIENT,
    );

    const notification: Record<string, unknown> = JSON.parse(queue.bodies[0] ?? '');
    expect(Object.keys(notification)).toEqual([
      'Type',
      'MessageId',
      'TopicArn',
      'Subject',
      'Message',
      'Timestamp',
      'SignatureVersion',
      'Signature',
      'SigningCertURL',
      'UnsubscribeURL',
      'MessageAttributes',
    ]);
    expect(notification).toMatchObject({
      Type: 'Notification',
      MessageId: messageId,
      TopicArn: topicArn,
      Subject: 'About',
      Message: 'text "quoted"\n',
      Timestamp: '2026-01-01T00:00:00.000Z',
      SignatureVersion: '1',
      UnsubscribeURL: `http://127.0.0.1:4566/?Action=Unsubscribe&SubscriptionArn=${queue.subscriptionArn}`,
      MessageAttributes: {
        State: { Type: 'String', Value: 'Placed' },
        data: { Type: 'Binary', Value: 'AgME' },
      },
    });
    expect(queue.senders).toEqual([{ kind: 'service', service: 'sns', sourceArn: topicArn }]);
  });

  it('receives the bare text and attributes with raw delivery', async () => {
    const sns = makeSns();
    const { arn: topicArn } = await sns.service.ensureTopic('Events', {});
    const queue = await subscribeQueue(sns, topicArn, 'raw', { RawMessageDelivery: 'true' });

    await sns.service.publish({ topicArn, message: 'with', attributes }, CLIENT);
    await sns.service.publish({ topicArn, message: 'without' }, CLIENT);

    expect(queue.sent).toEqual([{ body: 'with', attributes }, { body: 'without' }]);
  });

  it('does not receive a raw message with more than ten attributes', async () => {
    const sns = makeSns();
    const { arn: topicArn } = await sns.service.ensureTopic('Events', {});
    const queue = await subscribeQueue(sns, topicArn, 'raw', { RawMessageDelivery: 'true' });
    const eleven = Array.from({ length: 11 }, (_, index) => [`a${index}`, attributes.State]);

    await sns.service.publish(
      { topicArn, message: 'x', attributes: Object.fromEntries(eleven) },
      CLIENT,
    );

    const failure = await sns.activity.waitFor('delivery-failed');
    expect(failure).toMatchObject({ endpoint: 'raw', final: true, attempt: 1 });
    expect(queue.sent).toEqual([]);
  });

  it('receives the text meant for queues, which its body filter judges', async () => {
    const sns = makeSns();
    const { arn: topicArn } = await sns.service.ensureTopic('Events', {});
    const queue = await subscribeQueue(sns, topicArn, 'own', {
      RawMessageDelivery: 'true',
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: '{"for": ["queues"]}',
    });
    const texts = { default: '{"for": "all"}', sqs: '{"for": "queues"}' };

    await sns.service.publish(
      { topicArn, message: JSON.stringify(texts), messageStructure: 'json' },
      CLIENT,
    );

    expect(queue.bodies).toEqual([texts.sqs]);
  });

  it('receives only what its filter accepts, and the activities say so', async () => {
    const sns = makeSns({ subjectAttribute: 'OrderId' });
    const { arn: topicArn } = await sns.service.ensureTopic('Events', {});
    const placed = await subscribeQueue(sns, topicArn, 'placed', {
      FilterPolicy: '{"State": ["Placed"]}',
    });
    const declined = await subscribeQueue(sns, topicArn, 'declined', {
      FilterPolicy: '{"State": ["Declined"]}',
    });
    const OrderId = { dataType: 'String', stringValue: 'ORD-1' };

    const { messageId } = await sns.service.publish(
      { topicArn, message: 'x', attributes: { ...attributes, OrderId } },
      CLIENT,
    );

    expect([placed.sent.length, declined.sent.length]).toEqual([1, 0]);
    const about = { topic: 'Events', messageId, subject: 'ORD-1' };
    const hop = { ...about, protocol: 'sqs' };
    expect(sns.activity.since()).toEqual([
      expect.objectContaining({ type: 'message-published', ...about, duplicate: false }),
      expect.objectContaining({ type: 'message-filtered-out', ...hop, endpoint: 'declined' }),
      expect.objectContaining({
        type: 'message-delivered',
        ...hop,
        endpoint: 'placed',
        attempt: 1,
      }),
    ]);
  });

  it('receives the message group of a standard topic, for fairness', async () => {
    const sns = makeSns();
    const { arn: topicArn } = await sns.service.ensureTopic('Events', {});
    const queue = await subscribeQueue(sns, topicArn, 'fair', { RawMessageDelivery: 'true' });

    await sns.service.publish({ topicArn, message: 'x', messageGroupId: 'customer-1' }, CLIENT);

    expect(queue.sent).toEqual([{ body: 'x', messageGroupId: 'customer-1' }]);
  });
});

describe('the signature of a notification', () => {
  it.each([
    ['1', 'RSA-SHA1'],
    ['2', 'RSA-SHA256'],
  ] as const)('of version %s is %s', (signatureVersion, algorithm) => {
    const signer = new MessageSigner(memoryStorage(), new ManualClock());
    const message = {
      messageId: 'id',
      topicArn: 'arn:aws:sns:us-east-1:000000000000:Events',
      topicName: 'Events',
      body: 'text',
      subjectLine: 'About',
      attributes: {},
      publishedAt: 0,
      signatureVersion,
      fifo: false,
    };

    const signature = signer.sign(message, 'sqs');

    const signed = `Message\ntext\nMessageId\nid\nSubject\nAbout\nTimestamp\n1970-01-01T00:00:00.000Z\nTopicArn\n${message.topicArn}\nType\nNotification\n`;
    const verifier = createVerify(algorithm).update(signed);
    expect(stringToSign(message, 'text')).toBe(signed);
    expect(verifier.verify(signer.certificate, signature, 'base64')).toBe(true);
    expect(signer.sign(message, 'lambda')).toBe(signature);
  });
});
