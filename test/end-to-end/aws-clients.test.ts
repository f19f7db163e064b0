import {
  ListSubscriptionsByTopicCommand,
  paginateListTopics,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PACKAGING_TIMEOUT_MS } from '../template/packaged-template.ts';
import { NAME_PREFIX, runningService, sqsClient, type RunningService } from './running-service.ts';

const TOPIC = `arn:aws:sns:us-east-1:000000000000:${NAME_PREFIX}OrderEvents`;

let service: RunningService;
let sns: SNSClient;

beforeAll(async () => {
  service = await runningService({ runEventSources: false });
  sns = new SNSClient({
    endpoint: service.system.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}, PACKAGING_TIMEOUT_MS);

afterAll(async () => {
  await service[Symbol.asyncDispose]();
});

describe('An AWS client at the local endpoint', () => {
  it('lists the queues of the template', async () => {
    const { QueueUrls: urls = [] } = await sqsClient(service.system).send(
      new ListQueuesCommand({ QueueNamePrefix: NAME_PREFIX }),
    );

    expect(urls.map((url) => url.split('/').at(-1))).toEqual(
      expect.arrayContaining([
        `${NAME_PREFIX}OrderIntakeQueue`,
        `${NAME_PREFIX}FraudQueue.fifo`,
        `${NAME_PREFIX}FraudDeadLetters.fifo`,
      ]),
    );
  });

  it('lists the topics and their subscriptions', async () => {
    const topics: string[] = [];
    for await (const page of paginateListTopics({ client: sns }, {})) {
      topics.push(...(page.Topics ?? []).flatMap(({ TopicArn }) => TopicArn ?? []));
    }
    const { Subscriptions: subscriptions = [] } = await sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }),
    );

    expect(topics).toContain(TOPIC);
    const protocols = subscriptions.map(({ Protocol }) => Protocol ?? '');
    expect(protocols.toSorted()).toEqual(['lambda', 'sqs', 'sqs', 'sqs']);
  });

  it('publishes, and the filter policies choose who gets it', async () => {
    const { MessageId: messageId } = await sns.send(
      new PublishCommand({
        TopicArn: TOPIC,
        Message: '{}',
        MessageAttributes: { State: { DataType: 'String', StringValue: 'Placed' } },
      }),
    );
    const delivery = (queue: string) =>
      service.system.activity.waitFor(
        'message-delivered',
        (delivered) => delivered.messageId === messageId && delivered.endpoint.endsWith(queue),
      );
    const filtered = service.system.activity.waitFor(
      'message-filtered-out',
      (dropped) =>
        dropped.messageId === messageId && dropped.endpoint.endsWith('DeclinedOrdersQueue'),
    );

    await expect(delivery('PlacedOrdersQueue')).resolves.toBeDefined();
    await expect(delivery('AllOrdersQueue')).resolves.toBeDefined();
    await expect(filtered).resolves.toBeDefined();
  });
});
