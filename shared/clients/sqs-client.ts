import { SQSClient } from '@aws-sdk/client-sqs';

import { once } from '../configuration/once.ts';
import { clientSettings } from './client-settings.ts';

/**
 * The SQS client prefers the host in a queue URL over the endpoint it is configured with. Where an
 * endpoint is set it is meant, so the URL then only names the queue.
 */
export const sqsClient = once(
  () =>
    new SQSClient({
      ...clientSettings,
      useQueueUrlAsEndpoint: !(process.env.AWS_ENDPOINT_URL_SQS ?? process.env.AWS_ENDPOINT_URL),
    }),
);
