import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ActivityStream } from '../../activity/activity-stream.ts';
import { systemClock } from '../../context/clock.ts';
import { HttpEndpoint } from '../../endpoint/http-endpoint.ts';
import { SnsService } from '../../sns/service.ts';
import { SqsService } from '../../sqs/service.ts';
import { memoryStorage } from '../../storage/memory-storage.ts';
import { OPEN_POLICY, RecordingFunctions } from './recording-targets.ts';

const refuse = () => Promise.reject(new Error('Only SNS and SQS are served here'));

describe('a FIFO topic in front of real queues', () => {
  const context = {
    activity: new ActivityStream(systemClock),
    storage: memoryStorage(),
    clock: systemClock,
    region: 'us-east-1',
    accountId: '000000000000',
    endpoint: (): string => endpoint.url,
  };
  const sqs = new SqsService(context, {});
  const sns = new SnsService(context, { queues: sqs, functions: new RecordingFunctions() });
  const endpoint = new HttpEndpoint({
    services: { sqs, sns },
    localPages: refuse,
    httpApi: refuse,
    onError: (error) => {
      throw error;
    },
  });
  let clients: { sns: SNSClient; sqs: SQSClient };
  beforeAll(async () => {
    await endpoint.listen(0);
    const options = {
      endpoint: endpoint.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    clients = { sns: new SNSClient(options), sqs: new SQSClient(options) };
  });
  afterAll(async () => {
    clients.sns.destroy();
    clients.sqs.destroy();
    await endpoint.close();
    await sns.close();
    await sqs.close();
  });

  const receive = async (QueueUrl: string) => {
    const { Messages = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['MessageGroupId'],
      }),
    );
    return Messages.map(({ Body, MessageAttributes, Attributes }) => [
      Body,
      MessageAttributes?.['State']?.StringValue,
      Attributes?.MessageGroupId,
    ]);
  };

  it('delivers each state to the queue that asks for it, in order and once', async () => {
    const attributes = { FifoQueue: 'true', Policy: OPEN_POLICY };
    const fraud = await sqs.ensureQueue('Fraud.fifo', attributes);
    const shipping = await sqs.ensureQueue('Shipping.fifo', attributes);
    const { arn: TopicArn } = await sns.ensureTopic('Events.fifo', { FifoTopic: 'true' });
    const subscribe = (endpointArn: string, states: string[]) =>
      sns.ensureSubscription({
        topicArn: TopicArn,
        protocol: 'sqs',
        endpoint: endpointArn,
        attributes: {
          RawMessageDelivery: 'true',
          FilterPolicy: JSON.stringify({ State: states }),
        },
      });
    await subscribe(fraud.arn, ['Placed']);
    await subscribe(shipping.arn, ['Approved', 'Cancelled']);

    for (const state of ['Placed', 'Approved', 'Approved', 'Cancelled']) {
      await clients.sns.send(
        new PublishCommand({
          TopicArn,
          Message: state,
          MessageGroupId: 'ORD-1',
          MessageDeduplicationId: `ORD-1:${state}`,
          MessageAttributes: { State: { DataType: 'String', StringValue: state } },
        }),
      );
    }

    expect(await receive(fraud.url)).toEqual([['Placed', 'Placed', 'ORD-1']]);
    expect(await receive(shipping.url)).toEqual([
      ['Approved', 'Approved', 'ORD-1'],
      ['Cancelled', 'Cancelled', 'ORD-1'],
    ]);
  });

  it('loses nothing and doubles nothing to 1,000 publishers at once', async () => {
    const queue = await sqs.ensureQueue('All', { Policy: OPEN_POLICY });
    const { arn: topicArn } = await sns.ensureTopic('Everything', {});
    const attributes = { RawMessageDelivery: 'true' };
    await sns.ensureSubscription({ topicArn, protocol: 'sqs', endpoint: queue.arn, attributes });
    const sender = { kind: 'client', accessKeyId: 'test' } as const;
    const texts = Array.from({ length: 1_000 }, (_, index) => `message ${index}`);

    await Promise.all(texts.map((message) => sns.publish({ topicArn, message }, sender)));

    const received: string[] = [];
    for (let batch = 0; batch < 100; batch++) {
      const messages = await queue.receive({ maxMessages: 10, waitSeconds: 0, by: 'test' });
      received.push(...messages.map(({ body }) => body));
    }
    expect(received.toSorted()).toEqual(texts.toSorted());
  });
});
