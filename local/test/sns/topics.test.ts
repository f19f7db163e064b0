import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTopicsCommand,
  SetTopicAttributesCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLIENT, startSns, subscribeQueue } from './running-sns.ts';

describe('topics', () => {
  let sns: Awaited<ReturnType<typeof startSns>>;
  beforeAll(async () => {
    sns = await startSns();
  });
  afterAll(() => sns.stop());

  const createFixed = (DisplayName: string, Value: string) => {
    const Tags = [{ Key: 'stage', Value }];
    const Attributes = { DisplayName };
    return sns.client.send(new CreateTopicCommand({ Name: 'Fixed', Attributes, Tags }));
  };

  it('are created once by name', async () => {
    const first = await sns.client.send(
      new CreateTopicCommand({ Name: 'Once', Attributes: { DisplayName: 'one' } }),
    );
    const second = await sns.client.send(new CreateTopicCommand({ Name: 'Once' }));

    expect(second.TopicArn).toBe(first.TopicArn);
    expect(first.TopicArn).toBe('arn:aws:sns:us-east-1:000000000000:Once');
  });

  it('are not created again with other attributes or tags', async () => {
    await createFixed('one', 'dev');

    await expect(createFixed('two', 'dev')).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message:
        'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
    });
    await expect(createFixed('one', 'prod')).rejects.toThrow(
      'Invalid parameter: Tags Reason: Topic already exists with different tags',
    );
  });

  it.each([
    ['with spaces', {}, 'Invalid parameter: Topic Name'],
    ['Orders.fifo', {}, 'Invalid parameter: Topic Name'],
    ['x'.repeat(257), {}, 'Invalid parameter: Topic Name'],
    ['Orders', { FifoTopic: 'true' }, /Fifo Topic names must end with \.fifo/],
    ['Orders', { ContentBasedDeduplication: 'true' }, 'Invalid parameter: AttributeName'],
    ['Orders', { Unknown: 'x' }, 'Invalid parameter: AttributeName'],
    ['Orders', { Policy: 'no json' }, /^Invalid parameter: Policy/],
  ])('are refused: %s %j', async (Name, Attributes, message) => {
    const creation = sns.client.send(new CreateTopicCommand({ Name, Attributes }));

    await expect(creation).rejects.toThrow(message);
  });

  it('have default attributes and those that were set', async () => {
    const { TopicArn } = await sns.client.send(
      new CreateTopicCommand({ Name: 'Told.fifo', Attributes: { FifoTopic: 'true' } }),
    );
    const setting = { AttributeName: 'ContentBasedDeduplication', AttributeValue: 'true' };
    await sns.client.send(new SetTopicAttributesCommand({ TopicArn, ...setting }));

    const { Attributes } = await sns.client.send(new GetTopicAttributesCommand({ TopicArn }));

    expect(Attributes).toMatchObject({
      TopicArn,
      Owner: '000000000000',
      FifoTopic: 'true',
      ContentBasedDeduplication: 'true',
      DisplayName: '',
      SubscriptionsConfirmed: '0',
    });
  });

  it('are listed by the hundred', async () => {
    for (let index = 0; index < 100; index++) await sns.service.ensureTopic(`Listed${index}`, {});

    const first = await sns.client.send(new ListTopicsCommand({}));
    const rest = await sns.client.send(new ListTopicsCommand({ NextToken: first.NextToken }));

    expect(first.Topics).toHaveLength(100);
    expect(rest.NextToken).toBeUndefined();
    expect(rest.Topics?.map(({ TopicArn }) => TopicArn)).toContain(
      'arn:aws:sns:us-east-1:000000000000:Listed99',
    );
  });

  it('are gone when deleted, and may be deleted again', async () => {
    const { arn: TopicArn } = await sns.service.ensureTopic('Gone', {});

    await sns.client.send(new DeleteTopicCommand({ TopicArn }));
    await sns.client.send(new DeleteTopicCommand({ TopicArn }));

    await expect(
      sns.client.send(new GetTopicAttributesCommand({ TopicArn })),
    ).rejects.toMatchObject({ name: 'NotFoundException', message: 'Topic does not exist' });
  });

  it('forget with their deletion what they had deduplicated', async () => {
    const create = () => sns.service.ensureTopic('Again.fifo', { FifoTopic: 'true' });
    const { arn: TopicArn } = await create();
    const input = { topicArn: TopicArn, messageGroupId: 'g', messageDeduplicationId: 'd' };
    const first = await sns.service.publish({ ...input, message: 'first' }, CLIENT);

    await sns.client.send(new DeleteTopicCommand({ TopicArn }));
    await create();
    const queue = await subscribeQueue(sns, TopicArn, 'again.fifo', { RawMessageDelivery: 'true' });
    const second = await sns.service.publish({ ...input, message: 'second' }, CLIENT);

    expect(second.messageId).not.toBe(first.messageId);
    expect(queue.bodies).toEqual(['second']);
  });

  it('refuse an archive policy by name, since nothing is archived here', async () => {
    const Attributes = { FifoTopic: 'true', ArchivePolicy: '{"MessageRetentionPeriod":"30"}' };
    const creation = sns.client.send(new CreateTopicCommand({ Name: 'Kept.fifo', Attributes }));

    await expect(creation).rejects.toThrow('the local runtime does not archive messages');
  });

  it('answer errors without the element that only SQS writes', async () => {
    const query = new URLSearchParams({ Action: 'GetTopicAttributes', TopicArn: 'a:b' });

    const answer = await fetch(`${sns.url}/?${query.toString()}`);

    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(
      /<Error><Type>Sender<\/Type><Code>InvalidParameter<\/Code><Message>[^<]+<\/Message><\/Error>/,
    );
  });
});
