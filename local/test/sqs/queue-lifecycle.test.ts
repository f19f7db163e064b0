import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { ACCOUNT_ID, refusalOf, SqsFixture } from './sqs-fixture.ts';

describe('the life of a queue', () => {
  let sqs: SqsFixture;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
  });
  afterEach(() => sqs.stop());

  it('gives a queue a URL on the endpoint and finds it by name', async () => {
    const created = await sqs.createQueue('orders');

    const { QueueUrl } = await sqs.client.send(new GetQueueUrlCommand({ QueueName: 'orders' }));

    expect(created).toBe(`${sqs.url}/${ACCOUNT_ID}/orders`);
    expect(QueueUrl).toBe(created);
    expect(sqs.service.queueByUrl(`http://elsewhere:1/${ACCOUNT_ID}/orders`)?.name).toBe('orders');
    expect(sqs.service.queueByArn(sqs.arnOf('orders'))?.url).toBe(created);
  });

  it('takes the bare name of a queue for its URL', async () => {
    await sqs.createQueue('orders');

    const attributes = await sqs.attributes('orders');
    const refusal = await refusalOf(sqs.attributes('absent'));

    expect(attributes['QueueArn']).toBe(sqs.arnOf('orders'));
    expect(refusal.message).toBe('The address absent is not valid for this endpoint.');
  });

  it('takes truth values with capitals', async () => {
    const url = await sqs.createQueue('orders.fifo', {
      FifoQueue: 'True',
      ContentBasedDeduplication: 'True',
    });

    expect(await sqs.attributes(url)).toMatchObject({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
    });
  });

  it('is created again without harm when the attributes agree', async () => {
    const first = await sqs.createQueue('orders', { DelaySeconds: '5', VisibilityTimeout: '60' });

    const again = await sqs.createQueue('orders', { DelaySeconds: '5' });

    expect(again).toBe(first);
  });

  it('lists queues by prefix, page by page', async () => {
    for (const name of ['orders-3', 'orders-1', 'mail', 'orders-2']) await sqs.createQueue(name);

    const first = await sqs.client.send(
      new ListQueuesCommand({ QueueNamePrefix: 'orders-', MaxResults: 2 }),
    );
    const second = await sqs.client.send(
      new ListQueuesCommand({
        QueueNamePrefix: 'orders-',
        MaxResults: 2,
        NextToken: first.NextToken,
      }),
    );

    const names = [first, second].map(({ QueueUrls = [] }) =>
      QueueUrls.map((url) => url.split('/').at(-1)),
    );
    expect(names).toEqual([['orders-1', 'orders-2'], ['orders-3']]);
    expect(second.NextToken).toBeUndefined();
  });

  it('is gone with its messages once deleted', async () => {
    const QueueUrl = await sqs.createQueue('orders');
    await sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'lost' }));

    await sqs.client.send(new DeleteQueueCommand({ QueueUrl }));

    const refusal = await refusalOf(sqs.receive(QueueUrl));
    expect(refusal).toEqual({
      name: 'QueueDoesNotExist',
      message: 'The specified queue does not exist.',
    });
    expect(await sqs.receive(await sqs.createQueue('orders'))).toEqual([]);
  });

  it.each([
    ['with space', {}],
    ['x'.repeat(81), {}],
    ['orders.fifo', {}],
    ['orders', { FifoQueue: 'true' }],
    ['', {}],
  ])('refuses the name %j with %j', async (QueueName, Attributes) => {
    const refusal = await refusalOf(
      sqs.client.send(new CreateQueueCommand({ QueueName, Attributes })),
    );

    expect(refusal.message).toMatch(/alphanumeric characters, hyphens, or underscores.* 1 to 80/);
  });
});
