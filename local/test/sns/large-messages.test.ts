import {
  GetTopicAttributesCommand,
  PublishBatchCommand,
  PublishCommand,
  SetTopicAttributesCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSns, subscribeQueue } from './running-sns.ts';

const KIB = 1024;

describe('a topic with a maximum message size', () => {
  let sns: Awaited<ReturnType<typeof startSns>>;
  beforeAll(async () => {
    sns = await startSns();
  });
  afterAll(() => sns.stop());

  const topic = async (name: string, MaximumMessageSize?: number): Promise<string> => {
    const attributes =
      MaximumMessageSize === undefined ? {} : { MaximumMessageSize: String(MaximumMessageSize) };
    return (await sns.service.ensureTopic(name, attributes)).arn;
  };
  const publish = (TopicArn: string, size: number) =>
    sns.client.send(new PublishCommand({ TopicArn, Message: 'x'.repeat(size) }));
  const setSize = (TopicArn: string, AttributeValue: string) =>
    sns.client.send(
      new SetTopicAttributesCommand({
        TopicArn,
        AttributeName: 'MaximumMessageSize',
        AttributeValue,
      }),
    );

  it.each([
    ['Default', undefined, 256 * KIB],
    ['Small', 1_024, 1_024],
    ['Large', 1_024 * KIB, 1_024 * KIB],
  ])('takes exactly that many bytes: %s', async (name, size, most) => {
    const arn = await topic(name, size);
    const queue = await subscribeQueue(sns, arn, `queue${name}`);

    await publish(arn, most);

    await expect(publish(arn, most + 1)).rejects.toThrow('Invalid parameter: Message too long');
    expect(queue.sent).toHaveLength(1);
  });

  it('bounds a batch by it', async () => {
    const TopicArn = await topic('Batches', 1_024 * KIB);
    const batch = (size: number) =>
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: ['a', 'b'].map((Id) => ({ Id, Message: 'x'.repeat(size) })),
      });

    const { Successful } = await sns.client.send(batch(512 * KIB));

    expect(Successful).toHaveLength(2);
    await expect(sns.client.send(batch(512 * KIB + 1))).rejects.toMatchObject({
      name: 'BatchRequestTooLongException',
    });
  });

  it.each(['1023', '1048577', '2048.5', 'many'])('can not have one of %s bytes', async (size) => {
    const arn = await topic('Refused');

    await expect(setSize(arn, size)).rejects.toThrow('MaximumMessageSize');
  });

  it('tells its size', async () => {
    const TopicArn = await topic('Told', 2_048);

    const { Attributes } = await sns.client.send(new GetTopicAttributesCommand({ TopicArn }));

    expect(Attributes).toMatchObject({ MaximumMessageSize: '2048' });
  });

  it('has a hundred subscriptions at most above 256 KiB', async () => {
    const arn = await topic('Crowded', 1_024 * KIB);
    for (let index = 0; index < 100; index++) await subscribeQueue(sns, arn, `crowd${index}`);

    await expect(subscribeQueue(sns, arn, 'oneMore')).rejects.toThrow('100 subscriptions at most');
    await setSize(arn, String(256 * KIB));
    await subscribeQueue(sns, arn, 'oneMore');
    await expect(setSize(arn, String(1_024 * KIB))).rejects.toThrow('100 subscriptions at most');
  });
});
