import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Shop } from './shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

describe('a system of a whole template', () => {
  it('takes a published message through filter, queue and function into the table', async () => {
    // Prepare
    const system = await shop.start();
    const { sns, dynamodb } = shop.clients(system);
    const publish = (Message: string, State: string) =>
      sns.send(
        new PublishCommand({
          TopicArn: system.outputs['EventsArn'],
          Message,
          MessageAttributes: {
            State: { DataType: 'String', StringValue: State },
            OrderId: { DataType: 'String', StringValue: Message },
          },
        }),
      );

    // Act
    await publish('ORD-1', 'Declined');
    await publish('ORD-2', 'Placed');

    // Assess
    const written = await system.activity.waitFor('item-written');
    expect(written).toMatchObject({
      table: 'shop-Table',
      operation: 'PutItem',
      key: 'ORD-2',
      caller: { kind: 'function', functionName: 'shop-recordOrders' },
    });
    await system.activity.waitFor('message-filtered-out', ({ subject }) => subject === 'ORD-1');
    await system.activity.waitFor('message-deleted', ({ subject }) => subject === 'ORD-2');
    const item = await dynamodb.send(
      new GetItemCommand({ TableName: 'shop-Table', Key: { orderId: { S: 'ORD-2' } } }),
    );
    expect(item.Item).toMatchObject({ orderId: { S: 'ORD-2' } });
  });

  it('answers the HTTP API with functions that know their resources', async () => {
    // Prepare
    const system = await shop.start();

    // Act
    const response = await fetch(system.outputs['ApiUrl'] ?? '', {
      method: 'POST',
      body: JSON.stringify({ product: 'pencil' }),
    });

    // Assess
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({
      order: { product: 'pencil' },
      queue: `${system.url}/000000000000/shop-Orders`,
      dynamodb: system.environmentOf('PlaceOrder')['AWS_ENDPOINT_URL_DYNAMODB'],
    });
    expect((await fetch(`${system.url}/nowhere`)).status).toBe(404);
  });

  it('gives resources the attributes of the template', async () => {
    // Prepare
    const system = await shop.start({ runEventSources: false });
    const { sqs } = shop.clients(system);

    // Act
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: system.outputs['OrdersUrl'],
        AttributeNames: ['All'],
      }),
    );

    // Assess
    expect(Attributes).toMatchObject({
      VisibilityTimeout: '30',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:shop-OrdersDead',
        maxReceiveCount: 3,
      }),
      Policy: expect.stringContaining('arn:aws:sns:us-east-1:000000000000:events'),
    });
    expect(system.unsupported).toEqual([]);
  });

  it('leaves queues unread when it is told so', async () => {
    // Prepare
    const system = await shop.start({ runEventSources: false });
    const queue = system.sqs.queueByName('shop-Orders');

    // Act
    const sender = { kind: 'client', accessKeyId: 'test' } as const;
    await queue?.send({ body: 'ORD-1' }, { kind: 'caller', caller: sender });

    // Assess
    const received = await queue?.receive({ maxMessages: 10, waitSeconds: 0, by: 'the test' });
    expect(received?.map(({ body }) => body)).toEqual(['ORD-1']);
  });

  it('runs replaced code with the next event', async () => {
    // Prepare
    const system = await shop.start();
    const folder = await shop.package(`export const handler = async () => 'replaced';`);

    // Act
    await system.replaceCode('PlaceOrder', folder);

    // Assess
    const response = await fetch(`${system.url}/orders`, { method: 'POST', body: '{}' });
    expect(await response.text()).toBe('replaced');
  });

  it('takes a free port when the wanted one is in use', async () => {
    // Prepare
    const first = await shop.start();

    // Act
    const second = await shop.start({ port: first.port });

    // Assess
    expect(second.port).not.toBe(first.port);
    expect((await fetch(`${second.url}/_local/`)).status).toBe(200);
  });
});
