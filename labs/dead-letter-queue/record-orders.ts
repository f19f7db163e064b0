import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';

const orderSchema = z.object({ orderId: z.string() });
const client = new DynamoDBClient({ maxAttempts: 1 });

/** Writes orders into the table; what fails goes back to the queue alone, with the reason logged. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchItemFailure[] = [];
  for (const { messageId, body } of Records) {
    try {
      const { orderId } = z.parse(orderSchema, JSON.parse(body));
      await client.send(
        new PutItemCommand({
          TableName: process.env['ORDERS_TABLE'],
          Item: { orderId: { S: orderId } },
        }),
      );
    } catch (error) {
      console.log(`failed ${messageId}: ${String(error)}`);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
