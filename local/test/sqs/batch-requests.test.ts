import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import { bodiesOf, refusalOf, SqsFixture } from './sqs-fixture.ts';

const entry = (Id: string, MessageBody = Id): SendMessageBatchRequestEntry => ({ Id, MessageBody });

describe('batch requests', () => {
  let sqs: SqsFixture;
  let url: string;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
    url = await sqs.createQueue('orders', { MaximumMessageSize: '1024' });
  });
  afterEach(() => sqs.stop());

  const send = (Entries: SendMessageBatchRequestEntry[]) =>
    sqs.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));

  it('lets one entry fail and its neighbours pass', async () => {
    const { Successful = [], Failed } = await send([
      entry('a'),
      entry('b', 'x'.repeat(1025)),
      entry('c', '\u0000'),
      entry('d'),
    ]);

    expect(Successful.map(({ Id }) => Id)).toEqual(['a', 'd']);
    expect(Failed).toEqual([
      {
        Id: 'b',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message:
          'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.',
      },
      expect.objectContaining({ Id: 'c', Code: 'InvalidMessageContents' }),
    ]);
    expect(bodiesOf(await sqs.receive(url))).toEqual(['a', 'd']);
  });

  it.each([
    ['no entries', [], 'EmptyBatchRequest', /at least one SendMessageBatchRequestEntry/],
    [
      'eleven entries',
      Array.from({ length: 11 }, (_, index) => entry(`e${index}`)),
      'TooManyEntriesInBatchRequest',
      /Maximum number of entries per request are 10. You have sent 11./,
    ],
    ['one id twice', [entry('a'), entry('a')], 'BatchEntryIdsNotDistinct', /Id a repeated\./],
    ['a bad id', [entry('a:b')], 'InvalidBatchEntryId', /alphanumeric characters, hyphens/],
    [
      'more than 1 MiB in all',
      [entry('a', 'x'.repeat(1_048_576)), entry('b', 'x')],
      'BatchRequestTooLong',
      /cannot be longer than 1048576 bytes. You have sent 1048577 bytes/,
    ],
  ])('refuses %s as a whole', async (_case, entries, name, message) => {
    const refusal = await refusalOf(send(entries));

    expect(refusal.name).toBe(name);
    expect(refusal.message).toMatch(message);
    expect(await sqs.receive(url)).toEqual([]);
  });

  it('deletes and extends each message by itself', async () => {
    await send([entry('a'), entry('b')]);
    const [first, second] = await sqs.receive(url);
    const bad = { Id: 'bad', ReceiptHandle: 'bad' };

    const extended = await sqs.client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'second', ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 0 },
          { ...bad, VisibilityTimeout: 1 },
        ],
      }),
    );
    const deleted = await sqs.client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: [{ Id: 'first', ReceiptHandle: first?.ReceiptHandle }, bad],
      }),
    );

    for (const { Failed } of [extended, deleted]) {
      expect(Failed).toEqual([
        {
          Id: 'bad',
          SenderFault: true,
          Code: 'ReceiptHandleIsInvalid',
          Message: 'The input receipt handle "bad" is not a valid receipt handle.',
        },
      ]);
    }
    expect(extended.Successful).toEqual([{ Id: 'second' }]);
    expect(deleted.Successful).toEqual([{ Id: 'first' }]);
    expect(bodiesOf(await sqs.receive(url))).toEqual(['b']);
  });
});
