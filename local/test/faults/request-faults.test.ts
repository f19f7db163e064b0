import { ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Shop } from '../system/shop-system.ts';
import { faultyShop, strikesIn } from './faulty-shop.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

describe('AWS requests', () => {
  it('fail as it was asked, and only those', async () => {
    // Prepare
    const { system, sqs, dynamodb } = await faultyShop(shop);
    await system.faults.add({
      type: 'fail-requests',
      service: 'sqs',
      action: 'ListQueues',
      status: 400,
      code: 'AccessDenied',
    });

    // Act
    const refused = sqs.send(new ListQueuesCommand({}));

    // Assess
    await expect(refused).rejects.toMatchObject({ name: 'AccessDenied' });
    const others = await dynamodb.send(new ListTablesCommand({}));
    expect(others.TableNames).toHaveLength(1);
  });

  it('are throttled with an error that the SDK retries', async () => {
    const { system, sqs } = await faultyShop(shop);
    await system.faults.add({ type: 'throttle-requests', service: 'sqs', times: 2 });

    const { $metadata: metadata } = await sqs.send(new ListQueuesCommand({}));

    expect(metadata.attempts).toBe(3);
  });

  it('are carried out though nobody gets the answer', async () => {
    // Prepare
    const { system, dynamodb } = await faultyShop(shop);
    await system.faults.add({ type: 'lose-answers', action: 'PutItem', times: 1 });
    const put = new PutItemCommand({
      TableName: system.outputs['TableName'] ?? '',
      Item: { orderId: { S: 'ORD-1' } },
      ConditionExpression: 'attribute_not_exists(orderId)',
    });

    // Act
    const outcome = dynamodb.send(put);

    // Assess
    await expect(outcome).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(strikesIn(system)).toEqual(['PutItem is carried out and its answer lost']);
  });

  it('are carried out twice', async () => {
    const { system, sqs, place } = await faultyShop(shop);
    await system.faults.add({ type: 'pause-consumer', function: 'recordOrders' });
    await system.faults.add({ type: 'repeat-requests', action: 'SendMessage', times: 1 });

    await place('ORD-1');

    const { Attributes: attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: system.outputs['OrdersUrl'],
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    );
    expect(attributes).toEqual({ ApproximateNumberOfMessages: '2' });
  });

  it('come late', async () => {
    const { system, sqs } = await faultyShop(shop);
    await system.faults.add({ type: 'delay-requests', service: 'sqs', ms: 300 });
    const startedAt = performance.now();

    await sqs.send(new ListQueuesCommand({}));

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(295);
  });

  it('of functions straight to DynamoDB are struck too, until the faults end', async () => {
    // Prepare
    const { system, place, written } = await faultyShop(shop);
    await system.faults.add({
      type: 'fail-requests',
      service: 'dynamodb',
      function: 'recordOrders',
    });

    // Act
    await place('ORD-1');
    await system.activity.waitFor('function-failed');
    await system.faults.endAll();

    // Assess
    await written('ORD-1');
    expect(strikesIn(system)).toContain('PutItem fails with 500 InternalFailure');
    expect(system.faults.list()).toEqual([]);
  });
});
