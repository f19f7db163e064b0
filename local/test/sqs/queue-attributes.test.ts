import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { ManualClock } from '../manual-clock.ts';
import { refusalOf, SqsFixture } from './sqs-fixture.ts';

describe('queue attributes', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
  });
  afterEach(() => sqs.stop());

  it('have the defaults of AWS', async () => {
    const url = await sqs.createQueue('orders');

    const attributes = await sqs.attributes(url);

    expect(attributes).toEqual({
      QueueArn: sqs.arnOf('orders'),
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      VisibilityTimeout: '30',
      SqsManagedSseEnabled: 'true',
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      CreatedTimestamp: String(clock.now() / 1000),
      LastModifiedTimestamp: String(clock.now() / 1000),
    });
  });

  it('returns only what was asked for', async () => {
    const QueueUrl = await sqs.createQueue('orders.fifo', { FifoQueue: 'true' });

    const { Attributes } = await sqs.client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['DeduplicationScope', 'Policy'] }),
    );

    expect(Attributes).toEqual({ DeduplicationScope: 'queue' });
  });

  it('tells when they were last changed', async () => {
    const QueueUrl = await sqs.createQueue('orders');
    const createdAt = clock.now() / 1000;
    clock.advance(5_000);

    await sqs.client.send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '7' } }),
    );

    expect(await sqs.attributes(QueueUrl)).toMatchObject({
      VisibilityTimeout: '7',
      CreatedTimestamp: String(createdAt),
      LastModifiedTimestamp: String(createdAt + 5),
    });
  });

  it('encrypts with a key or with the keys of SQS, not both', async () => {
    const QueueUrl = await sqs.createQueue('orders', { KmsMasterKeyId: 'alias/messages' });

    expect(await sqs.attributes(QueueUrl)).toMatchObject({
      KmsMasterKeyId: 'alias/messages',
      KmsDataKeyReusePeriodSeconds: '300',
      SqsManagedSseEnabled: 'false',
    });
    const refusal = await refusalOf(
      sqs.createQueue('both', { KmsMasterKeyId: 'alias/messages', SqsManagedSseEnabled: 'true' }),
    );
    expect(refusal.message).toMatch(/^You can use one type of server-side encryption/);
  });

  it.each([
    ['DelaySeconds', '-1'],
    ['DelaySeconds', '901'],
    ['MaximumMessageSize', '1023'],
    ['MaximumMessageSize', '1048577'],
    ['MessageRetentionPeriod', '59'],
    ['MessageRetentionPeriod', '1209601'],
    ['ReceiveMessageWaitTimeSeconds', '21'],
    ['VisibilityTimeout', '43201'],
    ['VisibilityTimeout', 'thirty'],
    ['KmsDataKeyReusePeriodSeconds', '59'],
    ['SqsManagedSseEnabled', 'perhaps'],
    ['Policy', 'no json'],
  ])('refuses %s = %s', async (name, value) => {
    const QueueUrl = await sqs.createQueue('orders');

    const refusal = await refusalOf(
      sqs.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { [name]: value } })),
    );

    expect(refusal).toEqual({
      name: 'InvalidAttributeValue',
      message: `Invalid value for the parameter ${name}.`,
    });
  });

  it.each(['QueueArn', 'ApproximateNumberOfMessages', 'Colour'])(
    'refuses to set %s',
    async (name) => {
      const QueueUrl = await sqs.createQueue('orders');

      const refusal = await refusalOf(
        sqs.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { [name]: '1' } })),
      );

      expect(refusal).toEqual({
        name: 'InvalidAttributeName',
        message: `Unknown Attribute ${name}.`,
      });
    },
  );

  it('limits throughput per group only where deduplication is per group', async () => {
    const attributes = { FifoQueue: 'true', FifoThroughputLimit: 'perMessageGroupId' };

    const refusal = await refusalOf(sqs.createQueue('orders.fifo', attributes));
    const url = await sqs.createQueue('orders.fifo', {
      ...attributes,
      DeduplicationScope: 'messageGroup',
    });

    expect(refusal.message).toMatch(/allowed only when the value for DeduplicationScope is/);
    expect(await sqs.attributes(url)).toMatchObject({ FifoThroughputLimit: 'perMessageGroupId' });
  });

  it('are made exactly what a template says when the queue is ensured', async () => {
    await sqs.service.ensureQueue('orders', { DelaySeconds: '9', VisibilityTimeout: '90' });

    const queue = await sqs.service.ensureQueue('orders', {
      VisibilityTimeout: '60',
      FifoQueue: 'false',
    });

    expect(await sqs.attributes(queue.url)).toMatchObject({
      DelaySeconds: '0',
      VisibilityTimeout: '60',
    });
  });
});
