import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

import { once } from './configuration.ts';

/**
 * What every AWS client of a function is made with. The handler of the SDK keeps connections alive
 * by default; the timeouts are far below the functions' own, so that a hanging call becomes a
 * failure that can be retried and reported while the function still runs. Each client is marked as
 * pure, so that a bundle holds only the clients that its function uses.
 * https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-reusing-connections.html
 */
export const clientSettings = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 },
};

export const dynamodbClient = /* @__PURE__ */ once(() => new DynamoDBClient(clientSettings));

/**
 * Tries once: SES has no idempotent send, and a request without an answer may have sent the mail.
 */
export const sesClient = /* @__PURE__ */ once(
  () => new SESv2Client({ ...clientSettings, maxAttempts: 1 }),
);

export const snsClient = /* @__PURE__ */ once(() => new SNSClient(clientSettings));

/**
 * All queues are in the function's own region, so the endpoint is the client's, which a laptop can
 * set, and a queue's URL only names the queue.
 */
export const sqsClient = /* @__PURE__ */ once(
  () => new SQSClient({ ...clientSettings, useQueueUrlAsEndpoint: false }),
);
