import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { SqsFixture } from './sqs-fixture.ts';

const MessageAttributes = {
  'order.id': { DataType: 'String', StringValue: 'ORD-1' },
  'order.total': { DataType: 'Number.cents', StringValue: '600' },
  trace: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255, 7]) },
};

describe('message attributes', () => {
  let sqs: SqsFixture;
  let url: string;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
    url = await sqs.createQueue('orders', { VisibilityTimeout: '0' });
    await sqs.client.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: 'body',
        MessageAttributes,
        MessageSystemAttributes: {
          AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-2-3' },
        },
      }),
    );
  });
  afterEach(() => sqs.stop());

  it.each([
    [['All'], ['order.id', 'order.total', 'trace']],
    [['.*'], ['order.id', 'order.total', 'trace']],
    [['*'], ['order.id', 'order.total', 'trace']],
    [['order.*'], ['order.id', 'order.total']],
    [['trace', 'absent'], ['trace']],
    [[], []],
  ])('asked for %j gives %j', async (wanted, names) => {
    const [message] = await sqs.receive(url, { MessageAttributeNames: wanted });

    expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(names);
  });

  it('may have accented letters in their names', async () => {
    const accented = { attr1øß: { DataType: 'String', StringValue: 'x' } };
    const QueueUrl = await sqs.createQueue('accents');
    await sqs.client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes: accented }),
    );

    const [message] = await sqs.receive(QueueUrl);

    expect(message?.MessageAttributes).toEqual(accented);
  });

  it('come back as they were sent', async () => {
    const [message] = await sqs.receive(url);

    expect(message?.MessageAttributes?.['order.total']).toEqual({
      DataType: 'Number.cents',
      StringValue: '600',
    });
    expect(message?.MessageAttributes?.['trace']?.BinaryValue).toEqual(new Uint8Array([0, 255, 7]));
  });

  it('are digested as AWS documents it', async () => {
    const [all] = await sqs.receive(url);
    const [part] = await sqs.receive(url, { MessageAttributeNames: ['order.id'] });

    // Worked out apart from this code from the documented encoding.
    expect(all?.MD5OfMessageAttributes).toBe('8b38077107ce0a50e0787d9cf5ba46ff');
    expect(part?.MD5OfMessageAttributes).toBe('3b51280f4178e2d1e318ccef1f838564');
  });

  it('of the system tell of sender, times and receives', async () => {
    const [first] = await sqs.receive(url);
    const [second] = await sqs.receive(url, {
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });

    expect(first?.Attributes).toEqual({
      SenderId: 'test',
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      AWSTraceHeader: 'Root=1-2-3',
    });
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  });
});
