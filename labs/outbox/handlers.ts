import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  SQSEvent,
} from 'aws-lambda';

const dynamodb = new DynamoDBClient();
const sns = new SNSClient();
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

/** Writes and publishes within the request: between the two there is nothing that remembers. */
export async function placeDirectly(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  await writeAndPublish(event.body ?? '');
  return { statusCode: 201 };
}

/** Only sends: the order is accepted when the queue has it. */
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

/** Its message leaves the queue when both the write and the publish are done. */
export async function recordOrder({ Records }: SQSEvent): Promise<void> {
  for (const { body } of Records) await writeAndPublish(body);
}

async function writeAndPublish(orderId: string): Promise<void> {
  await dynamodb.send(
    new PutItemCommand({
      TableName: process.env['ORDERS_TABLE'],
      Item: { orderId: { S: orderId } },
    }),
  );
  await sns.send(
    new PublishCommand({ TopicArn: process.env['ORDER_EVENTS_TOPIC_ARN'], Message: orderId }),
  );
}
