import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  SQSEvent,
} from 'aws-lambda';

/** One attempt: what the table refuses, the caller gets to see. */
const dynamodb = new DynamoDBClient({ maxAttempts: 1 });
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

/** The synchronous way: the order is stored before the answer, or not at all. */
export async function placeDirectly(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  await store(event.body ?? '');
  return { statusCode: 201 };
}

/** The asynchronous way: the order is safe in the queue. */
export async function placeThroughQueue(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: process.env['ORDER_QUEUE_URL'],
      MessageBody: event.body ?? '',
    }),
  );
  return { statusCode: 202 };
}

/** Fails when the table refuses, and gets the order again a second later. */
export async function recordOrder({ Records }: SQSEvent): Promise<void> {
  for (const { body } of Records) await store(body);
}

async function store(orderId: string): Promise<void> {
  await dynamodb.send(
    new PutItemCommand({
      TableName: process.env['ORDERS_TABLE'],
      Item: { orderId: { S: orderId } },
    }),
  );
}
