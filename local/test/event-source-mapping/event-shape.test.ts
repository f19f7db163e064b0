import { afterEach, describe, expect, it } from '@jest/globals';
import { EventSource } from './event-source.ts';

let source: EventSource;
afterEach(() => source.close());

const attributes = {
  Title: { dataType: 'String', stringValue: 'The Whistler' },
  WeeksOn: { dataType: 'Number', stringValue: '6' },
  Cover: { dataType: 'Binary', binaryValue: 'AP8B' },
};

describe('the event of a batch', () => {
  it('shows a message of a standard queue as Lambda does', async () => {
    let payload: unknown;
    source = new EventSource((_records, invocation) => {
      payload = JSON.parse(invocation.payload);
    });
    const queue = await source.queue();
    await source.map(queue);
    const [messageId] = await source.send(queue, [{ body: 'Test message.', attributes }]);

    await source.answered();

    const noLists = { stringListValues: [], binaryListValues: [] };
    expect(payload).toEqual({
      Records: [
        {
          messageId,
          receiptHandle: expect.any(String),
          body: 'Test message.',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: String(source.clock.now()),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: String(source.clock.now()),
          },
          messageAttributes: {
            Title: { stringValue: 'The Whistler', dataType: 'String', ...noLists },
            WeeksOn: { stringValue: '6', dataType: 'Number', ...noLists },
            Cover: { binaryValue: 'AP8B', dataType: 'Binary', ...noLists },
          },
          md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
          md5OfMessageAttributes: expect.stringMatching(/^[\da-f]{32}$/),
          eventSource: 'aws:sqs',
          eventSourceARN: queue.arn,
          awsRegion: 'eu-west-1',
        },
      ],
    });
  });

  it('shows group, deduplication id and sequence number of a FIFO queue', async () => {
    source = new EventSource();
    const queue = await source.queue('orders.fifo');
    await source.map(queue);
    await source.send(queue, [{ body: '1', messageGroupId: 'g', messageDeduplicationId: 'd' }]);

    await source.answered();

    expect(source.batches[0]?.[0]?.attributes).toMatchObject({
      MessageGroupId: 'g',
      MessageDeduplicationId: 'd',
      SequenceNumber: expect.stringMatching(/^\d{20}$/),
    });
  });
});
