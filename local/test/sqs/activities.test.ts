import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeleteMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { SqsFixture } from './sqs-fixture.ts';

describe('the activities of a queue', () => {
  let sqs: SqsFixture;
  let url: string;
  beforeEach(async () => {
    sqs = await SqsFixture.start({ subjectAttribute: 'OrderId' });
    url = await sqs.createQueue('orders');
  });
  afterEach(() => sqs.stop());

  it('tell of each step of a message, and what it is about', async () => {
    const { MessageId } = await sqs.client.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: 'body',
        MessageGroupId: 'group',
        MessageAttributes: { OrderId: { DataType: 'String', StringValue: 'ORD-1' } },
      }),
    );
    const [message] = await sqs.receive(url);
    await sqs.client.send(
      new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }),
    );

    expect(sqs.activity.since()).toMatchObject([
      {
        type: 'message-sent',
        queue: 'orders',
        messageId: MessageId,
        body: 'body',
        caller: { kind: 'client', accessKeyId: 'test' },
        subject: 'ORD-1',
        duplicate: false,
      },
      {
        type: 'messages-received',
        queue: 'orders',
        messageIds: [MessageId],
        subjects: ['ORD-1'],
        by: 'client',
      },
      { type: 'message-deleted', queue: 'orders', messageId: MessageId, subject: 'ORD-1' },
    ]);
  });

  it.each([
    [
      'the notification of a topic',
      JSON.stringify({
        Type: 'Notification',
        MessageAttributes: { OrderId: { Type: 'String', Value: 'ORD-2' } },
      }),
      undefined,
      'ORD-2',
    ],
    ['the message group', 'body', 'ORD-3', 'ORD-3'],
    ['no subject', '{"Type":"Notification"', undefined, undefined],
  ])('find %s', async (_what, body, messageGroupId, subject) => {
    const queue = sqs.service.queueByName('orders');
    await queue?.send(
      { body, messageGroupId },
      { kind: 'service', service: 'sns', sourceArn: 'arn:aws:sns:eu-central-1:000000000000:topic' },
    );

    const messages = await queue?.receive({ maxMessages: 1, waitSeconds: 0, by: 'test' });

    expect(messages?.map((message) => message.subject)).toEqual([subject]);
    expect(sqs.activity.since().map(({ type }) => type)).toEqual(['messages-received']);
  });
});
