import { SNSClient } from '@aws-sdk/client-sns';
import { ActivityStream } from '../../activity/activity-stream.ts';
import { HttpEndpoint } from '../../endpoint/http-endpoint.ts';
import type { LocalContext } from '../../context/local-context.ts';
import { type SnsOptions, SnsService } from '../../sns/service.ts';
import { memoryStorage } from '../../storage/memory-storage.ts';
import type { Storage } from '../../storage/storage.ts';
import { ManualClock } from '../manual-clock.ts';
import { RecordingFunctions, type RecordingQueue, RecordingQueues } from './recording-targets.ts';

export interface SnsOverrides extends SnsOptions {
  storage?: Storage;
  clock?: ManualClock;
  queues?: RecordingQueues;
}

/** A topic service on recording targets, without HTTP. */
export function makeSns({ storage, clock, queues, ...options }: SnsOverrides = {}) {
  const time = clock ?? new ManualClock();
  const context: LocalContext = {
    activity: new ActivityStream(time),
    storage: storage ?? memoryStorage(),
    clock: time,
    region: 'us-east-1',
    accountId: '000000000000',
    endpoint: () => 'http://127.0.0.1:4566',
  };
  const targets = { queues: queues ?? new RecordingQueues(), functions: new RecordingFunctions() };
  const service = new SnsService(context, targets, options);
  return { service, context, clock: time, activity: context.activity, ...targets };
}

export type Sns = ReturnType<typeof makeSns>;

const refuse = () => Promise.reject(new Error('Only SNS is served here'));

/** The same behind an HTTP endpoint on a free port, with a real client. */
export async function startSns(overrides: SnsOverrides = {}) {
  const sns = makeSns(overrides);
  const endpoint = new HttpEndpoint({
    services: { sns: sns.service },
    localPages: refuse,
    httpApi: refuse,
    onError: (error) => {
      throw error;
    },
  });
  await endpoint.listen(0);
  const client = new SNSClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const stop = async (): Promise<void> => {
    client.destroy();
    await endpoint.close();
    await sns.service.close();
  };
  return { ...sns, client, url: endpoint.url, stop };
}

/** Subscribes a new queue to a topic and gives the queue. */
export async function subscribeQueue(
  { service, queues }: Sns,
  topicArn: string,
  queueName: string,
  attributes: Record<string, string> = {},
): Promise<RecordingQueue & { subscriptionArn: string }> {
  const queue = queues.add(queueName);
  const { arn } = await service.ensureSubscription({
    topicArn,
    protocol: 'sqs',
    endpoint: queue.arn,
    attributes,
  });
  return Object.assign(queue, { subscriptionArn: arn });
}

export const CLIENT = { kind: 'client', accessKeyId: 'test' } as const;

/** Lets everything run that waits on settled promises only. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
