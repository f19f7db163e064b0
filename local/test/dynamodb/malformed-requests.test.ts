import { createConnection } from 'node:net';
import { once } from 'node:events';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cleanUpDynamoDb, ITEM, ORDERS, startDynamoDb } from './running-dynamodb.ts';

let running: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  running = await startDynamoDb({ tables: [ORDERS] });
});
afterAll(cleanUpDynamoDb);

const SIGNED = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
};

const deep = (levels: number): string =>
  `${'{"L":['.repeat(levels)}{"S":"x"}${']}'.repeat(levels)}`;

describe('DynamoDB, asked for nonsense', () => {
  it.each([
    ['broken JSON', 'CreateTable', '{', 'SerializationException'],
    ['null', 'PutItem', 'null', 'SerializationException'],
    ['a number', 'PutItem', '1', 'SerializationException'],
    ['a list', 'PutItem', '[]', 'SerializationException'],
    [
      'an attribute null',
      'PutItem',
      '{"TableName":"Orders","Item":{"orderId":null}}',
      'ValidationException',
    ],
    [
      'a null in a list',
      'PutItem',
      '{"TableName":"Orders","Item":{"orderId":{"S":"1"},"l":{"L":[null]}}}',
      'ValidationException',
    ],
    [
      'a null in a map',
      'PutItem',
      '{"TableName":"Orders","Item":{"orderId":{"S":"1"},"m":{"M":{"Item":null}}}}',
      'ValidationException',
    ],
    [
      'a value null',
      'Query',
      '{"TableName":"Orders","KeyConditionExpression":"orderId = :o","ExpressionAttributeValues":{":o":null}}',
      'ValidationException',
    ],
    [
      'a key null',
      'BatchGetItem',
      '{"RequestItems":{"Orders":{"Keys":[{"orderId":null}]}}}',
      'ValidationException',
    ],
    [
      'a request null',
      'BatchWriteItem',
      '{"RequestItems":{"Orders":[null]}}',
      'SerializationException',
    ],
    [
      'a table null',
      'BatchWriteItem',
      '{"RequestItems":{"Orders":null}}',
      'SerializationException',
    ],
    [
      'a key schema of null',
      'CreateTable',
      '{"TableName":"Others","KeySchema":[null]}',
      'SerializationException',
    ],
    [
      'a number that is none, in an old kind of condition',
      'UpdateItem',
      '{"TableName":"Orders","Key":{"orderId":{"S":"1"}},"AttributeUpdates":{"n":{"Value":{"N":"1"}}},"Expected":{"n":{"ComparisonOperator":"GE","AttributeValueList":[{"N":"%0"}]}}}',
      'ValidationException',
    ],
    [
      'a tag without a value',
      'TagResource',
      '{"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Orders","Tags":[{"Key":"a"}]}',
      'ValidationException',
    ],
    [
      'values nested too deep',
      'PutItem',
      `{"TableName":"Orders","Item":{"orderId":{"S":"1"},"d":${deep(5_000)}}}`,
      'ValidationException',
    ],
  ])('refuses %s and lives', async (_, operation, body, code) => {
    // Prepare
    const { service, client } = running;

    // Act
    const response = await fetch(service.url, {
      method: 'POST',
      headers: { ...SIGNED, 'x-amz-target': `DynamoDB_20120810.${operation}` },
      body,
    });

    // Assess
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: expect.stringMatching(new RegExp(`#${code}$`)),
    });
    await client.send(new PutItemCommand({ TableName: 'Orders', Item: ITEM }));
    expect(service.problems()).toEqual([]);
  });

  it('takes a member of a structure that is null for one that is absent', async () => {
    const { service } = running;

    const { status } = await service.call('PutItem', {
      TableName: 'Orders',
      Item: ITEM,
      ConditionExpression: null,
    });

    expect(status).toBe(200);
  });

  it('survives a request that is cut off', async () => {
    // Prepare
    const { service, client } = running;
    const socket = createConnection(Number(new URL(service.url).port), '127.0.0.1');
    await once(socket, 'connect');

    // Act
    socket.write(
      `POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: DynamoDB_20120810.PutItem\r\ncontent-length: 100\r\n\r\n{"Table`,
    );
    socket.resetAndDestroy();
    await once(socket, 'close');

    // Assess
    await client.send(new PutItemCommand({ TableName: 'Orders', Item: ITEM }));
    const { Item: found } = await client.send(
      new GetItemCommand({ TableName: 'Orders', Key: { orderId: { S: 'ORD-1' } } }),
    );
    expect(found).toEqual(ITEM);
  });

  it('keeps pages of every origin out', async () => {
    const { service } = running;

    const preflight = await fetch(service.url, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });

    expect(preflight.status).toBe(403);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });
});
