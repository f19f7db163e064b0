import type { System } from 'template-runtime/system';
import { orderBody, pencils } from '../../labs/stage/shop.ts';
import type { WireRequest } from './mutations.ts';

const FORM = 'application/x-www-form-urlencoded';

const signed = (service: string): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=fuzz/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=none`,
  'x-amz-date': '20260101T000000Z',
});

const get = (target: string, headers: Record<string, string> = {}): WireRequest => ({
  method: 'GET',
  target,
  headers,
  body: '',
});

const sqsJson = (action: string, input: object): WireRequest => ({
  method: 'POST',
  target: '/',
  headers: {
    ...signed('sqs'),
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `AmazonSQS.${action}`,
  },
  body: JSON.stringify(input),
});

const snsQuery = (action: string, rest: string): WireRequest => ({
  method: 'POST',
  target: '/',
  headers: { ...signed('sns'), 'content-type': FORM },
  body: `Action=${action}&Version=2010-03-31&${rest}`,
});

const call = (operation: string, input: object): WireRequest => ({
  method: 'POST',
  target: '/',
  headers: {
    ...signed('dynamodb'),
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  },
  body: JSON.stringify(input),
});

/** Requests of the HTTP API and of the local pages. */
export function httpRequests(token: string): WireRequest[] {
  const authorization = `Bearer ${token}`;
  const json = { 'content-type': 'application/json', authorization };
  const order = orderBody(pencils('fuzz'));
  return [
    { method: 'POST', target: '/orders', headers: json, body: order },
    { method: 'POST', target: '/orders', headers: json, body: order },
    {
      method: 'POST',
      target: '/orders',
      headers: { ...json, 'idempotency-key': 'fuzz-1' },
      body: order,
    },
    {
      method: 'POST',
      target: '/orders/01ARZ3NDEKTSV4RRFFQ69G5FAV/cancel',
      headers: json,
      body: '{"reason":"changed my mind"}',
    },
    get('/orders/01ARZ3NDEKTSV4RRFFQ69G5FAV', { authorization }),
    get('/orders?limit=10', { authorization }),
    get('/_local/token?sub=fuzz&name=Fuzz'),
    get('/products'),
    get('/_local/emails/1'),
    get('/_local/activity?follow=false&since=999999999'),
    get('/_local/resources'),
    {
      method: 'POST',
      target: '/_local/faults',
      headers: json,
      body: '{"type":"send-poison","queue":"nowhere","count":1}',
    },
    { method: 'DELETE', target: '/_local/faults/1', headers: {}, body: '' },
  ];
}

/** Requests of every AWS service behind the endpoint, in each of its protocols. */
export function awsRequests(system: System): WireRequest[] {
  return [
    ...sqsRequests(system),
    ...snsRequests(system),
    ...dynamoDbRequests(system),
    ...restRequests(system),
  ];
}

const physicalId = ({ resources }: System, logicalId: string): string =>
  resources.find((each) => each.logicalId === logicalId)?.physicalId ?? logicalId;

function sqsRequests(system: System): WireRequest[] {
  const QueueUrl = physicalId(system, 'PlacedOrdersQueue');
  const fifoUrl = physicalId(system, 'ShippingQueue');
  const path = new URL(QueueUrl).pathname;
  const attribute = { DataType: 'String', StringValue: 'Placed' };
  const query = (action: string, rest: string): WireRequest => ({
    method: 'POST',
    target: path,
    headers: { ...signed('sqs'), 'content-type': FORM },
    body: `Action=${action}&Version=2012-11-05&${rest}`,
  });
  return [
    sqsJson('SendMessage', { QueueUrl, MessageBody: 'x', MessageAttributes: { State: attribute } }),
    sqsJson('SendMessage', {
      QueueUrl: fifoUrl,
      MessageBody: 'x',
      MessageGroupId: 'g',
      MessageDeduplicationId: 'd',
    }),
    sqsJson('SendMessageBatch', {
      QueueUrl,
      Entries: [
        { Id: 'a', MessageBody: 'x', DelaySeconds: 1 },
        { Id: 'b', MessageBody: 'y' },
      ],
    }),
    sqsJson('ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 0,
      VisibilityTimeout: 1,
      MessageAttributeNames: ['All'],
      AttributeNames: ['All'],
    }),
    sqsJson('DeleteMessage', { QueueUrl, ReceiptHandle: 'x' }),
    sqsJson('DeleteMessageBatch', { QueueUrl, Entries: [{ Id: 'a', ReceiptHandle: 'x' }] }),
    sqsJson('ChangeMessageVisibility', { QueueUrl, ReceiptHandle: 'x', VisibilityTimeout: 5 }),
    sqsJson('CreateQueue', {
      QueueName: 'fuzz',
      Attributes: { VisibilityTimeout: '5' },
      tags: { a: 'b' },
    }),
    sqsJson('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }),
    sqsJson('SetQueueAttributes', { QueueUrl, Attributes: { DelaySeconds: '0' } }),
    sqsJson('ListQueues', { QueueNamePrefix: 'o', MaxResults: 5 }),
    sqsJson('TagQueue', { QueueUrl, Tags: { team: 'fuzz' } }),
    sqsJson('StartMessageMoveTask', { SourceArn: 'arn:aws:sqs:us-east-1:000000000000:fuzz' }),
    query(
      'SendMessage',
      'MessageBody=x&MessageAttribute.1.Name=State&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=Placed',
    ),
    query('ReceiveMessage', 'MaxNumberOfMessages=2&AttributeName.1=All'),
    query(
      'SendMessageBatch',
      'SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=x',
    ),
    query('SetQueueAttributes', 'Attribute.1.Name=DelaySeconds&Attribute.1.Value=0'),
  ];
}

function snsRequests(system: System): WireRequest[] {
  const topic = encodeURIComponent(physicalId(system, 'OrderEvents'));
  const fifo = encodeURIComponent(physicalId(system, 'OrderEventsFifo'));
  const policy = encodeURIComponent(
    '{"State":["Placed",{"prefix":"D"},{"numeric":[">",1,"<=",5]}]}',
  );
  return [
    snsQuery(
      'Publish',
      `TopicArn=${topic}&Message=x&MessageAttributes.entry.1.Name=State&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=Placed`,
    ),
    snsQuery('Publish', `TopicArn=${fifo}&Message=x&MessageGroupId=g&MessageDeduplicationId=d`),
    snsQuery(
      'Publish',
      `TopicArn=${topic}&MessageStructure=json&Message=${encodeURIComponent('{"default":"x","sqs":"y"}')}`,
    ),
    snsQuery(
      'PublishBatch',
      `TopicArn=${topic}&PublishBatchRequestEntries.member.1.Id=a&PublishBatchRequestEntries.member.1.Message=x`,
    ),
    snsQuery(
      'Subscribe',
      `TopicArn=${topic}&Protocol=sqs&Endpoint=${encodeURIComponent('arn:aws:sqs:us-east-1:000000000000:nowhere')}&Attributes.entry.1.key=FilterPolicy&Attributes.entry.1.value=${policy}`,
    ),
    snsQuery(
      'CreateTopic',
      'Name=fuzz&Attributes.entry.1.key=DisplayName&Attributes.entry.1.value=x&Tags.member.1.Key=a&Tags.member.1.Value=b',
    ),
    snsQuery('GetTopicAttributes', `TopicArn=${topic}`),
    snsQuery('SetTopicAttributes', `TopicArn=${topic}&AttributeName=DisplayName&AttributeValue=x`),
    snsQuery('ListSubscriptionsByTopic', `TopicArn=${topic}`),
    snsQuery(
      'SetSubscriptionAttributes',
      `SubscriptionArn=x&AttributeName=FilterPolicy&AttributeValue=${policy}`,
    ),
    { method: 'GET', target: '/?Action=Unsubscribe&SubscriptionArn=x', headers: {}, body: '' },
  ];
}

function dynamoDbRequests(system: System): WireRequest[] {
  const TableName = physicalId(system, 'ShipmentsTable');
  const key = { orderId: { S: 'fuzz' } };
  const item = {
    ...key,
    n: { N: '1.5' },
    l: { L: [{ S: 'a' }, { M: { b: { BOOL: true } } }] },
    ss: { SS: ['a', 'b'] },
    bytes: { B: 'YQ==' },
  };
  const names = { '#n': 'n' };
  const values = { ':n': { N: '1' } };
  return [
    call('PutItem', {
      TableName,
      Item: item,
      ConditionExpression: 'attribute_not_exists(orderId)',
    }),
    call('PutItem', { TableName, Item: item, ReturnValues: 'ALL_OLD' }),
    call('GetItem', {
      TableName,
      Key: key,
      ConsistentRead: true,
      ProjectionExpression: 'n, l[1].b',
    }),
    call('UpdateItem', {
      TableName,
      Key: key,
      UpdateExpression: 'SET #n = if_not_exists(#n, :n) + :n REMOVE l[0] ADD m :n',
      ConditionExpression: '#n IN (:n) OR size(l) > :n AND begins_with(orderId, orderId)',
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
      ReturnValues: 'ALL_NEW',
    }),
    call('UpdateItem', {
      TableName,
      Key: key,
      AttributeUpdates: { n: { Action: 'ADD', Value: { N: '1' } } },
      Expected: { n: { ComparisonOperator: 'GE', AttributeValueList: [{ N: '0' }] } },
    }),
    call('DeleteItem', { TableName, Key: key, Expected: { n: { Exists: false } } }),
    call('Query', {
      TableName,
      KeyConditionExpression: 'orderId = :o',
      FilterExpression: '#n BETWEEN :n AND :n',
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ...values, ':o': { S: 'fuzz' } },
      Limit: 5,
      ScanIndexForward: false,
    }),
    call('Query', {
      TableName,
      KeyConditions: {
        orderId: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'fuzz' }] },
      },
    }),
    call('Scan', {
      TableName,
      Limit: 3,
      ExclusiveStartKey: key,
      Segment: 0,
      TotalSegments: 2,
      ScanFilter: { n: { ComparisonOperator: 'NOT_NULL' } },
    }),
    call('BatchGetItem', {
      RequestItems: { [TableName]: { Keys: [key], AttributesToGet: ['n'] } },
    }),
    call('BatchWriteItem', {
      RequestItems: {
        [TableName]: [
          { PutRequest: { Item: item } },
          { DeleteRequest: { Key: { orderId: { S: 'b' } } } },
        ],
      },
    }),
    call('CreateTable', {
      TableName: 'fuzz-table',
      AttributeDefinitions: [
        { AttributeName: 'a', AttributeType: 'S' },
        { AttributeName: 'b', AttributeType: 'N' },
      ],
      KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byB',
          KeySchema: [{ AttributeName: 'b', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['c'] },
        },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
    call('UpdateTable', { TableName: 'fuzz-table', BillingMode: 'PAY_PER_REQUEST' }),
    call('DescribeTable', { TableName }),
    call('ListTables', { Limit: 3, ExclusiveStartTableName: 'a' }),
    call('TagResource', {
      ResourceArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`,
      Tags: [{ Key: 'a', Value: 'b' }],
    }),
  ];
}

/** Lambda, S3, SES and STS. */
function restRequests(system: System): WireRequest[] {
  const functionName =
    system.lambda.configurations().find(({ functionName: name }) => name.endsWith('listProducts'))
      ?.functionName ?? '';
  const s3 = (method: string, target: string, body = ''): WireRequest => ({
    method,
    target,
    headers: { ...signed('s3'), 'content-type': 'text/plain' },
    body,
  });
  const ses = (method: string, target: string, body = ''): WireRequest => ({
    method,
    target,
    headers: { ...signed('ses'), 'content-type': 'application/json' },
    body,
  });
  const lambda = (method: string, target: string, body = ''): WireRequest => ({
    method,
    target,
    headers: { ...signed('lambda'), 'x-amz-invocation-type': 'DryRun' },
    body,
  });
  const mail = {
    FromEmailAddress: 'Shop <orders@example.com>',
    Destination: { ToAddresses: ['a@example.com'] },
    Content: {
      Simple: { Subject: { Data: 'x' }, Body: { Text: { Data: 'x' }, Html: { Data: 'x' } } },
    },
    EmailTags: [{ Name: 'a', Value: 'b' }],
  };
  const raw = {
    ...mail,
    Content: {
      Raw: { Data: Buffer.from('Subject: x\r\nTo: a@example.com\r\n\r\nx').toString('base64') },
    },
  };
  return [
    lambda('POST', `/2015-03-31/functions/${functionName}/invocations`, '{"a":1}'),
    lambda('GET', `/2015-03-31/functions/${functionName}`),
    lambda('GET', `/2015-03-31/functions/${functionName}/configuration`),
    lambda('GET', '/2015-03-31/event-source-mappings?FunctionName=x&MaxItems=3'),
    s3('PUT', '/fuzz'),
    s3('PUT', '/fuzz/a/b', 'body'),
    s3('GET', '/fuzz/a/b'),
    s3('HEAD', '/fuzz/a/b'),
    s3('GET', '/fuzz?list-type=2&prefix=a&delimiter=%2F&max-keys=2'),
    s3('POST', '/fuzz/big?uploads'),
    s3('PUT', '/fuzz/big?uploadId=x&partNumber=1', 'part'),
    s3(
      'POST',
      '/fuzz/big?uploadId=x',
      '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"x"</ETag></Part></CompleteMultipartUpload>',
    ),
    s3('POST', '/fuzz?delete', '<Delete><Object><Key>a/b</Key></Object></Delete>'),
    ses('POST', '/v2/email/outbound-emails', JSON.stringify(mail)),
    ses('POST', '/v2/email/outbound-emails', JSON.stringify(raw)),
    ses('POST', '/v2/email/identities', '{"EmailIdentity":"fuzz@example.com"}'),
    ses('GET', '/v2/email/identities/fuzz%40example.com'),
    ses('GET', '/v2/email/account'),
    {
      method: 'POST',
      target: '/',
      headers: { ...signed('sts'), 'content-type': FORM },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    },
  ];
}
