import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';

import { once } from './configuration.ts';
import { invocationDeadline } from './invocation-deadline.ts';

/** Gives up a request when the invocation that sends it must answer. */
class DeadlineHttpHandler extends NodeHttpHandler {
  override handle(...[request, options]: Parameters<NodeHttpHandler['handle']>) {
    const abortSignal = invocationDeadline() ?? options?.abortSignal;
    return super.handle(request, { ...options, ...(abortSignal && { abortSignal }) });
  }
}

const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 2_500;
/** SES has to hand a mail on before it answers. */
const MAIL_TIMEOUT_MS = 5_000;

/** The SDK only warns of a request that is out of time, unless it is told to throw. */
const requestHandler = (requestTimeout: number): NodeHttpHandler =>
  new DeadlineHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout,
    throwOnRequestTimeout: true,
  });

/**
 * What every AWS client of a function is made with. Connections are kept alive, as the SDK does by
 * default. The three attempts of a call that hangs take eight seconds at most, less than the ten
 * that the functions have; calls that hang one after another meet the invocation's deadline. Each
 * client is marked as pure, so that a bundle holds only the clients that its function uses.
 * https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-reusing-connections.html
 */
export const clientSettings = () => ({
  maxAttempts: 3,
  requestHandler: requestHandler(REQUEST_TIMEOUT_MS),
});

export const dynamodbClient = /* @__PURE__ */ once(() => new DynamoDBClient(clientSettings()));

/**
 * Tries once: SES has no idempotent send, and a request without an answer may have sent the mail.
 */
export const sesClient = /* @__PURE__ */ once(
  () => new SESv2Client({ maxAttempts: 1, requestHandler: requestHandler(MAIL_TIMEOUT_MS) }),
);

export const snsClient = /* @__PURE__ */ once(() => new SNSClient(clientSettings()));

/**
 * All queues are in the function's own region, so the endpoint is the client's, which a laptop can
 * set, and a queue's URL only names the queue.
 */
export const sqsClient = /* @__PURE__ */ once(
  () => new SQSClient({ ...clientSettings(), useQueueUrlAsEndpoint: false }),
);
