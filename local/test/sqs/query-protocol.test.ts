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

  it('takes empty lists, and a single name without a number', async () => {
    await post({ Action: 'SendMessage', MessageBody: 'x' });

    const received = await post({
      Action: 'ReceiveMessage',
      MessageAttributeNames: '',
      AttributeName: 'All',
    });
    const batch = await post({ Action: 'DeleteMessageBatch', Entries: '' });

    expect(received.xml).toContain('<Name>SentTimestamp</Name>');
    expect(batch.xml).toContain('<Code>AWS.SimpleQueueService.EmptyBatchRequest</Code>');
  });

  it('takes a slash behind the path of the queue', async () => {
    const sent = await post({ Action: 'SendMessage', MessageBody: 'x' }, '/000000000000/orders/');

    expect(sent.xml).toContain('<SendMessageResult>');
  });

  it('refuses the actions on no queue in particular at the path of a queue', async () => {
    const created = await post({ Action: 'CreateQueue', QueueName: 'other' });
    const listed = await post({ Action: 'ListQueues' });

    expect(created.xml).toContain(
      '<Code>InvalidAction</Code><Message>The action CreateQueue is not valid for this endpoint.</Message>',
    );
    expect(listed.xml).toContain('<Code>InvalidAction</Code>');
    expect(sqs.service.queueByName('other')).toBeUndefined();
  });

  it('does not know a request without an action', async () => {
    const answer = await post({});

    expect(answer).toEqual({ status: 404, xml: '<UnknownOperationException/>' });
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
