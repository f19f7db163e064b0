import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';

import { MessageUnchangedError, SourceQueue } from '../../../shared/messaging/partial-batch.ts';
import { sqsRecord } from '../../functions/support/sample-record.ts';

const ARN = 'arn:aws:sqs:eu-west-1:123456789012:orders.fifo';
const URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders.fifo';
const records = Array.from({ length: 12 }, (_, place) => sqsRecord(String(place), {}));

function queue() {
  const sqs = mockClient(SQSClient);
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { VisibilityTimeout: '60' } });
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({});
  sqs.on(DeleteMessageBatchCommand).resolves({});
  return { sqs, source: new SourceQueue(new SQSClient({ region: 'eu-west-1' }), ARN) };
}

describe('the queue that a batch came from', () => {
  it('lets messages come back two seconds apart, after its own visibility timeout', async () => {
    const { sqs, source } = queue();

    await source.spread(records);

    const inputs = sqs
      .commandCalls(ChangeMessageVisibilityBatchCommand)
      .map(({ args: [{ input }] }) => input);
    expect(inputs.map(({ QueueUrl, Entries = [] }) => [QueueUrl, Entries.length])).toEqual([
      [URL, 10],
      [URL, 2],
    ]);
    expect(
      inputs.flatMap(({ Entries = [] }) => Entries.map((each) => each.VisibilityTimeout)),
    ).toEqual([62, 64, 66, 68, 70, 72, 74, 76, 78, 80, 82, 84]);
  });

  it('asks nothing when there is nothing to spread or to remove', async () => {
    const { sqs, source } = queue();

    await source.spread([]);
    await source.remove([]);

    expect(sqs.calls()).toEqual([]);
  });

  it('deletes what it can, and then says what it could not', async () => {
    const { sqs, source } = queue();
    const failed = {
      Id: '0',
      Code: 'ReceiptHandleIsInvalid',
      Message: 'expired',
      SenderFault: true,
    };
    sqs
      .on(DeleteMessageBatchCommand)
      .resolvesOnce({ Successful: [], Failed: [failed] })
      .resolves({});

    await expect(source.remove(records)).rejects.toThrow(
      new MessageUnchangedError('ReceiptHandleIsInvalid (expired)'),
    );
    expect(sqs.commandCalls(DeleteMessageBatchCommand)).toHaveLength(2);
  });
});
