import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { ManualClock } from '../manual-clock.ts';
import { bodiesOf, SqsFixture } from './sqs-fixture.ts';

describe('retention', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  let url: string;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
    url = await sqs.createQueue('orders', { MessageRetentionPeriod: '60' });
  });
  afterEach(() => sqs.stop());

  it('drops messages that are older, and only these', async () => {
    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'old' }));
    clock.advance(30_000);
    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'young' }));

    clock.advance(30_000);

    expect(bodiesOf(await sqs.receive(url))).toEqual(['young']);
  });

  it('drops a message also while it is in flight', async () => {
    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'old' }));
    await sqs.receive(url, { VisibilityTimeout: 3_600 });

    clock.advance(60_000);

    expect(await sqs.attributes(url)).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });
});
