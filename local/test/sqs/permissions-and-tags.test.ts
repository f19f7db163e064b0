import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AddPermissionCommand,
  CreateQueueCommand,
  ListQueueTagsCommand,
  RemovePermissionCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { refusalOf, SqsFixture } from './sqs-fixture.ts';

describe('permissions and tags', () => {
  let sqs: SqsFixture;
  let QueueUrl: string;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
    QueueUrl = await sqs.createQueue('orders');
  });
  afterEach(() => sqs.stop());

  it('a permission becomes a statement of the queue policy, and leaves with it', async () => {
    await sqs.client.send(
      new AddPermissionCommand({
        QueueUrl,
        Label: 'partner',
        AWSAccountIds: ['111122223333'],
        Actions: ['SendMessage', 'GetQueueUrl'],
      }),
    );
    const { Policy } = await sqs.attributes(QueueUrl);

    await sqs.client.send(new RemovePermissionCommand({ QueueUrl, Label: 'partner' }));

    expect(JSON.parse(Policy ?? '')).toEqual({
      Version: '2008-10-17',
      Id: `${sqs.arnOf('orders')}/SQSDefaultPolicy`,
      Statement: [
        {
          Sid: 'partner',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111122223333:root' },
          Action: ['SQS:SendMessage', 'SQS:GetQueueUrl'],
          Resource: sqs.arnOf('orders'),
        },
      ],
    });
    expect(await sqs.attributes(QueueUrl)).not.toHaveProperty('Policy');
  });

  it('tags are added, replaced and removed', async () => {
    const created = await sqs.client.send(
      new CreateQueueCommand({ QueueName: 'tagged', tags: { stage: 'dev', team: 'buying' } }),
    );
    const url = created.QueueUrl;
    await sqs.client.send(new TagQueueCommand({ QueueUrl: url, Tags: { stage: 'test' } }));

    await sqs.client.send(new UntagQueueCommand({ QueueUrl: url, TagKeys: ['team'] }));

    const { Tags } = await sqs.client.send(new ListQueueTagsCommand({ QueueUrl: url }));
    expect(Tags).toEqual({ stage: 'test' });
  });

  it.each([
    [{ 'aws:x': 'reserved' }, /is invalid/],
    [Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`t${n}`, ''])), /Maximum allowed/],
  ])('refuses the tags %j', async (Tags, message) => {
    const refusal = await refusalOf(sqs.client.send(new TagQueueCommand({ QueueUrl, Tags })));

    expect(refusal.message).toMatch(message);
  });
});
