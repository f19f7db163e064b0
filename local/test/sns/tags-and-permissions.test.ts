import {
  AddPermissionCommand,
  ConfirmSubscriptionCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSns } from './running-sns.ts';

describe('tags and permissions', () => {
  let sns: Awaited<ReturnType<typeof startSns>>;
  let topicArn: string;
  beforeAll(async () => {
    sns = await startSns();
    topicArn = (await sns.service.ensureTopic('Events', {}, { stage: 'dev' })).arn;
  });
  afterAll(() => sns.stop());

  it('change the tags of a topic', async () => {
    const ResourceArn = topicArn;
    const Tags = [
      { Key: 'stage', Value: 'prod' },
      { Key: 'team', Value: 'orders' },
    ];
    await sns.client.send(new TagResourceCommand({ ResourceArn, Tags }));
    await sns.client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['team'] }));

    const listed = await sns.client.send(new ListTagsForResourceCommand({ ResourceArn }));

    expect(listed.Tags).toEqual([{ Key: 'stage', Value: 'prod' }]);
  });

  it('refuse a tag given twice and an unknown topic', async () => {
    const tag = { Key: 'a', Value: 'b' };

    await expect(
      sns.client.send(new TagResourceCommand({ ResourceArn: topicArn, Tags: [tag, tag] })),
    ).rejects.toThrow('Invalid parameter: Duplicated keys are not allowed.');
    await expect(
      sns.client.send(new ListTagsForResourceCommand({ ResourceArn: `${topicArn}2` })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('add a statement to the policy and take it away', async () => {
    const label = { TopicArn: topicArn, Label: 'partner' };
    const statements = async (): Promise<string[]> => {
      const { Attributes } = await sns.client.send(
        new GetTopicAttributesCommand({ TopicArn: topicArn }),
      );
      const policy: { Statement: { Sid: string }[] } = JSON.parse(Attributes?.['Policy'] ?? '');
      return policy.Statement.map(({ Sid }) => Sid);
    };
    const grant = { ...label, AWSAccountId: ['111111111111'], ActionName: ['Publish'] };

    await sns.client.send(new AddPermissionCommand(grant));
    const added = await statements();
    await expect(sns.client.send(new AddPermissionCommand(grant))).rejects.toThrow(
      'Invalid parameter: Statement already exists',
    );
    await sns.client.send(new RemovePermissionCommand(label));

    expect(added).toEqual(['__default_statement_ID', 'partner']);
    expect(await statements()).toEqual(['__default_statement_ID']);
  });

  it('know no confirmation token, since nothing awaits confirmation', async () => {
    await expect(
      sns.client.send(new ConfirmSubscriptionCommand({ TopicArn: topicArn, Token: 'x' })),
    ).rejects.toThrow('Invalid parameter: Token');
  });
});
