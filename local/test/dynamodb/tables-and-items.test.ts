import {
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ensureTable } from '../../dynamodb/model/tables.ts';
import { cleanUpDynamoDb, dataFolder, ORDERS, startDynamoDb } from './running-dynamodb.ts';

afterEach(cleanUpDynamoDb);

describe('the DynamoDB emulator in its own thread', () => {
  it('stores items, answers queries on an index and refuses a failed condition', async () => {
    // Prepare
    const { service, client } = await startDynamoDb();
    const { arn } = await ensureTable(service, ORDERS);
    const put = new PutItemCommand({
      TableName: 'Orders',
      Item: { orderId: { S: 'ORD-1' }, customerId: { S: 'ada' } },
      ConditionExpression: 'attribute_not_exists(orderId)',
    });

    // Act
    await client.send(put);
    const again = client.send(put);

    // Assess
    await expect(again).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    const found = await client.send(
      new QueryCommand({
        TableName: 'Orders',
        IndexName: 'byCustomer',
        KeyConditionExpression: 'customerId = :customer',
        ExpressionAttributeValues: { ':customer': { S: 'ada' } },
      }),
    );
    expect(found.Items).toEqual([{ orderId: { S: 'ORD-1' }, customerId: { S: 'ada' } }]);
    expect(arn).toBe('arn:aws:dynamodb:us-east-1:000000000000:table/Orders');
  });

  it('reports every write with table, operation, key and caller, and nothing else', async () => {
    // Prepare
    const { service, client, activity } = await startDynamoDb();
    await ensureTable(service, ORDERS);
    const item = { orderId: { S: 'ORD-1' }, customerId: { S: 'ada' } };

    // Act
    await client.send(new PutItemCommand({ TableName: 'Orders', Item: item }));
    await client
      .send(
        new PutItemCommand({
          TableName: 'Orders',
          Item: item,
          ConditionExpression: 'attribute_not_exists(orderId)',
        }),
      )
      .catch(() => undefined);
    await client.send(
      new GetItemCommand({ TableName: 'Orders', Key: { orderId: { S: 'ORD-1' } } }),
    );
    await client.send(
      new UpdateItemCommand({
        TableName: 'Orders',
        Key: { orderId: { S: 'ORD-1' } },
        UpdateExpression: 'SET customerId = :customer',
        ExpressionAttributeValues: { ':customer': { S: 'bob' } },
      }),
    );
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          Orders: [
            { PutRequest: { Item: { orderId: { S: 'ORD-2' } } } },
            { DeleteRequest: { Key: { orderId: { S: 'ORD-1' } } } },
          ],
        },
      }),
    );
    await activity.waitFor('item-written', (write) => write.operation === 'DeleteItem');

    // Assess
    const writes = activity.since().flatMap((each) => (each.type === 'item-written' ? [each] : []));
    expect(writes.map(({ table, operation, key }) => [table, operation, key])).toEqual([
      ['Orders', 'PutItem', 'ORD-1'],
      ['Orders', 'UpdateItem', 'ORD-1'],
      ['Orders', 'PutItem', 'ORD-2'],
      ['Orders', 'DeleteItem', 'ORD-1'],
    ]);
    expect(writes[0]?.caller).toEqual({
      kind: 'function',
      functionName: 'recordOrders',
      environmentId: '1',
    });
  });

  it('keeps tables and items in the data folder and takes an existing table as it is', async () => {
    // Prepare
    const dataDir = await dataFolder();
    const before = await startDynamoDb({ dataDir });
    await ensureTable(before.service, ORDERS);
    const item = { orderId: { S: 'ORD-1' }, customerId: { S: 'ada' } };
    await before.client.send(new PutItemCommand({ TableName: 'Orders', Item: item }));
    await before.stop();

    // Act
    const after = await startDynamoDb({ dataDir });
    const { created } = await ensureTable(after.service, ORDERS);

    // Assess
    expect(created).toBe(false);
    const found = await after.client.send(
      new GetItemCommand({ TableName: 'Orders', Key: { orderId: { S: 'ORD-1' } } }),
    );
    expect(found.Item).toEqual(item);
  });

  it('names the table in the refusal of a definition', async () => {
    // Prepare
    const { service } = await startDynamoDb();

    // Act
    const creation = ensureTable(service, { ...ORDERS, KeySchema: [] });

    // Assess
    await expect(creation).rejects.toMatchObject({
      name: 'AwsError',
      code: 'ValidationException',
      message: expect.stringContaining('CreateTable Orders'),
    });
  });
});
