import { PublishBatchCommand, PublishCommand, type PublishCommandInput } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSns, subscribeQueue } from './running-sns.ts';

/** A message with one attribute, sound but for `value`. */
const attribute = (name: string, value: object) => ({
  Message: 'x',
  MessageAttributes: { [name]: { DataType: 'String', StringValue: 'x', ...value } },
});

describe('publishing', () => {
  let sns: Awaited<ReturnType<typeof startSns>>;
  let topicArn: string;
  let fifoArn: string;
  beforeAll(async () => {
    sns = await startSns();
    topicArn = (await sns.service.ensureTopic('Events', {})).arn;
    fifoArn = (await sns.service.ensureTopic('Events.fifo', { FifoTopic: 'true' })).arn;
  });
  afterAll(() => sns.stop());

  const publish = (input: Partial<PublishCommandInput>) =>
    sns.client.send(new PublishCommand({ TopicArn: topicArn, Message: 'text', ...input }));

  const batch = (entries: { Id: string; Message: string }[]) =>
    sns.client.send(
      new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries: entries }),
    );

  it.each<[string, Partial<PublishCommandInput>, string]>([
    ['an empty message', { Message: '' }, 'Invalid parameter: Empty message'],
    ['too much text', { Message: 'x'.repeat(262_145) }, 'Invalid parameter: Message too long'],
    [
      'too much with attributes',
      { ...attribute('a', {}), Message: 'x'.repeat(262_144) },
      'Invalid parameter: Message too long',
    ],
    ['a subject of two lines', { Subject: 'a\nb' }, 'Invalid parameter: Subject'],
    ['a long subject', { Subject: 'x'.repeat(101) }, 'Invalid parameter: Subject'],
    [
      'a structure without default',
      { MessageStructure: 'json', Message: '{"sqs": "x"}' },
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    ],
    [
      'a structure that is no JSON',
      { MessageStructure: 'json', Message: '{' },
      'Invalid parameter: Message Structure - JSON message body failed to parse',
    ],
    [
      'a deduplication id for a standard topic',
      { MessageDeduplicationId: 'x' },
      'Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    ],
    [
      'no group for a FIFO topic',
      { TopicArn: 'fifo' },
      'Invalid parameter: The MessageGroupId parameter is required for FIFO topics',
    ],
    [
      'no deduplication id for a FIFO topic',
      { TopicArn: 'fifo', MessageGroupId: 'g' },
      'Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    ],
    [
      'a group id with spaces',
      { MessageGroupId: 'a b' },
      'Invalid parameter: MessageGroupId Reason: Invalid MessageGroupId',
    ],
    [
      'a phone number',
      { TopicArn: undefined, PhoneNumber: '+4912345' },
      'the local runtime does not deliver by sms yet',
    ],
    [
      'an empty value',
      attribute('a', { StringValue: '' }),
      "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
    ],
    [
      'the wrong field',
      attribute('a', { StringValue: undefined, BinaryValue: Buffer.from('x') }),
      "The message attribute 'a' with type 'String' must use field 'String'.",
    ],
    [
      'an unknown type',
      attribute('a', { DataType: 'Text' }),
      "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
    ],
    [
      'no type',
      attribute('a', { DataType: undefined }),
      "1 validation error detected: Value null at 'messageAttributes.a.member.dataType' failed to satisfy constraint: Member must not be null",
    ],
    [
      'no number',
      attribute('a', { DataType: 'Number' }),
      "Could not cast message attribute 'a' value to number.",
    ],
    [
      'a long name',
      attribute('a'.repeat(256), {}),
      'Length of message attribute name must be less than 256 bytes.',
    ],
    [
      'an odd name',
      attribute('a^', {}),
      "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
    ],
    [
      'a leading dot',
      attribute('.a', {}),
      "Invalid message attribute name starting with character '.' was found.",
    ],
    [
      'a trailing dot',
      attribute('a.', {}),
      "Invalid message attribute name ending with character '.' was found.",
    ],
    [
      'two dots',
      attribute('a..b', {}),
      "Message attribute name can not have successive '.' character.",
    ],
  ])('is refused with %s', async (_, input, message) => {
    const target = input.TopicArn === 'fifo' ? { ...input, TopicArn: fifoArn } : input;

    await expect(publish(target)).rejects.toThrow(message);
  });

  it('to an unknown topic is refused', async () => {
    await expect(publish({ TopicArn: `${topicArn}2` })).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Topic does not exist',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('accepts the longest message', async () => {
    const { MessageId } = await publish({ Message: 'x'.repeat(262_144) });

    expect(MessageId).toMatch(/^[\da-f-]{36}$/);
  });

  describe('a batch', () => {
    it('delivers each message', async () => {
      const queue = await subscribeQueue(sns, topicArn, 'batched', { RawMessageDelivery: 'true' });

      const { Successful, Failed } = await batch([
        { Id: 'a', Message: 'first' },
        { Id: 'b', Message: 'second' },
      ]);

      expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'b']);
      expect(Failed).toEqual([]);
      expect(queue.bodies).toEqual(['first', 'second']);
    });

    it.each([
      ['no entries', [], 'EmptyBatchRequestException'],
      [
        'eleven entries',
        Array.from({ length: 11 }, (_, index) => ({ Id: `${index}`, Message: 'x' })),
        'TooManyEntriesInBatchRequestException',
      ],
      [
        'an id twice',
        [
          { Id: 'a', Message: 'x' },
          { Id: 'a', Message: 'y' },
        ],
        'BatchEntryIdsNotDistinctException',
      ],
      ['an odd id', [{ Id: 'a b', Message: 'x' }], 'InvalidBatchEntryIdException'],
      [
        'too much text in all',
        [
          { Id: 'a', Message: 'x'.repeat(200_000) },
          { Id: 'b', Message: 'x'.repeat(62_145) },
        ],
        'BatchRequestTooLongException',
      ],
      ['an empty message', [{ Id: 'a', Message: '' }], 'InvalidParameterException'],
    ])('is refused with %s', async (_, entries, name) => {
      await expect(batch(entries)).rejects.toMatchObject({ name });
    });

    it('names the entry whose attribute has no type', async () => {
      const MessageAttributes = { a: { DataType: undefined, StringValue: 'x' } };
      const entry = { Id: 'a', Message: 'x', MessageAttributes };

      await expect(batch([entry])).rejects.toThrow(
        "Value null at 'publishBatchRequestEntries.1.member.messageAttributes.a.member.dataType'",
      );
    });
  });
});
