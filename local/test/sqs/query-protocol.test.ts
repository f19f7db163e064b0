import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqsFixture } from './sqs-fixture.ts';

describe('the query protocol', () => {
  let sqs: SqsFixture;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
    await sqs.createQueue('orders');
  });
  afterEach(() => sqs.stop());

  /** Posts to the queue's own path, as older SDKs do. */
  const post = async (parameters: Record<string, string>, path = '/000000000000/orders') => {
    const response = await fetch(sqs.url + path, {
      method: 'POST',
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/sqs/aws4_request',
      },
      body: new URLSearchParams({ Version: '2012-11-05', ...parameters }),
    });
    return { status: response.status, xml: await response.text() };
  };

  it('sends, receives and deletes at the path of the queue', async () => {
    const sent = await post({
      Action: 'SendMessage',
      MessageBody: 'line\r\n<end>',
      'MessageAttribute.1.Name': 'OrderId',
      'MessageAttribute.1.Value.DataType': 'String',
      'MessageAttribute.1.Value.StringValue': 'ORD-1',
    });
    const received = await post({
      Action: 'ReceiveMessage',
      'AttributeName.1': 'ApproximateReceiveCount',
      'MessageAttributeName.1': 'All',
    });
    const ReceiptHandle = /<ReceiptHandle>(.*)<\/ReceiptHandle>/.exec(received.xml)?.[1] ?? '';
    const deleted = await post({ Action: 'DeleteMessage', ReceiptHandle });

    expect(sent.xml).toMatch(/<SendMessageResult><MessageId>[0-9a-f-]{36}<\/MessageId>/);
    expect(received.xml).toContain('<Body>line&#xD;\n&lt;end&gt;</Body>');
    expect(received.xml).toContain(
      '<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>',
    );
    expect(received.xml).toContain(
      '<MessageAttribute><Name>OrderId</Name><Value><StringValue>ORD-1</StringValue><DataType>String</DataType></Value></MessageAttribute>',
    );
    expect(deleted.xml).toMatch(/<DeleteMessageResponse[^>]*><ResponseMetadata>/);
    expect(await sqs.attributes(`${sqs.url}/000000000000/orders`)).toMatchObject({
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });

  it('answers a batch entry by entry', async () => {
    const { xml } = await post({
      Action: 'SendMessageBatch',
      'SendMessageBatchRequestEntry.1.Id': 'good',
      'SendMessageBatchRequestEntry.1.MessageBody': 'x',
      'SendMessageBatchRequestEntry.1.DelaySeconds': '1',
      'SendMessageBatchRequestEntry.2.Id': 'bad',
      'SendMessageBatchRequestEntry.2.MessageBody': 'x',
      'SendMessageBatchRequestEntry.2.DelaySeconds': '901',
    });

    expect(xml).toContain('<SendMessageBatchResultEntry><Id>good</Id>');
    expect(xml).toContain(
      '<BatchResultErrorEntry><Id>bad</Id><SenderFault>true</SenderFault><Code>InvalidParameterValue</Code>',
    );
  });

  it('words an absent queue in its own way', async () => {
    const answer = await post({ Action: 'ReceiveMessage' }, '/000000000000/none');

    expect(answer.status).toBe(400);
    expect(answer.xml).toContain(
      '<Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist for this wsdl version.</Message>',
    );
  });

  it('refuses an unknown action', async () => {
    const answer = await post({ Action: 'Juggle' });

    expect(answer.xml).toContain('<Code>InvalidAction</Code>');
  });
});
