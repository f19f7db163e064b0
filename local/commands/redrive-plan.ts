import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  SNSClient,
} from '@aws-sdk/client-sns';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { ClientSettings, DeployedResource } from './deployed-stack.ts';

/** The queue cannot be redriven, and the message says why. */
export class RedriveError extends Error {
  override readonly name = 'RedriveError';
}

export interface RedriveClients {
  sqs: SQSClient;
  sns: SNSClient;
  lambda: LambdaClient;
}

export const redriveClients = (settings: ClientSettings): RedriveClients => ({
  sqs: new SQSClient(settings),
  sns: new SNSClient(settings),
  lambda: new LambdaClient(settings),
});

/** How the letters of a dead-letter queue get back to work. */
export type RedriveWay =
  /**
   * SQS moves them. It is told where to whenever there is one answer: a letter that SNS wrote says
   * of no queue that it came from there.
   */
  | { kind: 'move'; destinationArns: readonly [string, ...string[]] }
  /** The queue of a subscription that failed; it is not the queue's own dead-letter queue. */
  | { kind: 'send'; destinationArn: string }
  /** Lambda or SNS wrote them for a function: the record of a failed invocation, or a notification. */
  | { kind: 'invoke'; functionArnOfTopic: ReadonlyMap<string, string> };

export interface RedrivePlan {
  deadLetterQueueUrl: string;
  deadLetterQueueArn: string;
  way: RedriveWay;
  /** How many letters wait there, as far as SQS knows. */
  waiting: number;
}

/**
 * Finds the dead-letter queues of a stack and where the letters of each belong.
 *
 * @param from logical id or name of one dead-letter queue, or of a queue that has one; all of them
 *   when it is not given
 * @throws RedriveError
 */
export async function planRedrive(
  { sqs, sns }: Pick<RedriveClients, 'sqs' | 'sns'>,
  resources: readonly DeployedResource[],
  from?: string,
): Promise<RedrivePlan[]> {
  const queues = resources.filter(({ type }) => type === 'AWS::SQS::Queue');
  const subscriptions = await subscriptionsWithDeadLetters(sns, resources);
  const urls =
    from === undefined
      ? queues.map(({ physicalId }) => physicalId)
      : [await deadLetterQueueOf(sqs, findQueue(queues, from))];
  const plans: RedrivePlan[] = [];
  for (const url of urls) {
    const { arn, waiting } = await attributesOf(sqs, url);
    const sources = await sourceArns(sqs, url);
    const undelivered = subscriptions.filter((each) => each.deadLetterTargetArn === arn);
    // A queue that nothing is known to put letters into may be an ordinary one, unless it is named.
    if (from === undefined && sources.length === 0 && undelivered.length === 0) continue;
    const way = wayBack(sources, undelivered);
    plans.push({ deadLetterQueueUrl: url, deadLetterQueueArn: arn, way, waiting });
  }
  return plans;
}

interface UndeliveredFrom {
  topicArn: string;
  protocol: string;
  endpoint: string;
  deadLetterTargetArn: string;
}

function wayBack(sources: readonly string[], undelivered: readonly UndeliveredFrom[]): RedriveWay {
  const [source, ...others] = sources;
  if (source !== undefined) return { kind: 'move', destinationArns: [source, ...others] };
  const queues = new Set(
    undelivered.filter(({ protocol }) => protocol === 'sqs').map(({ endpoint }) => endpoint),
  );
  const [queue] = queues;
  if (queue !== undefined && queues.size === 1) return { kind: 'send', destinationArn: queue };
  const functions = undelivered.filter(({ protocol }) => protocol === 'lambda');
  return {
    kind: 'invoke',
    functionArnOfTopic: new Map(functions.map(({ topicArn, endpoint }) => [topicArn, endpoint])),
  };
}

const redrivePolicy = z.object({ deadLetterTargetArn: z.string() });

async function subscriptionsWithDeadLetters(
  client: SNSClient,
  resources: readonly DeployedResource[],
): Promise<UndeliveredFrom[]> {
  const found: UndeliveredFrom[] = [];
  for (const { type, physicalId: topicArn } of resources) {
    if (type !== 'AWS::SNS::Topic') continue;
    const pages = paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn });
    for await (const { Subscriptions: subscriptions = [] } of pages) {
      for (const {
        SubscriptionArn,
        Protocol: protocol = '',
        Endpoint: endpoint = '',
      } of subscriptions) {
        const { Attributes: attributes = {} } = await client.send(
          new GetSubscriptionAttributesCommand({ SubscriptionArn }),
        );
        const policy = attributes['RedrivePolicy'];
        if (policy === undefined) continue;
        found.push({ topicArn, protocol, endpoint, ...redrivePolicy.parse(JSON.parse(policy)) });
      }
    }
  }
  return found;
}

function findQueue(queues: readonly DeployedResource[], name: string): string {
  const found = queues.find(
    ({ logicalId, physicalId }) => logicalId === name || nameOf(physicalId) === name,
  );
  if (found) return found.physicalId;
  const known = queues.map(({ logicalId }) => logicalId).toSorted();
  throw new RedriveError(
    `There is no queue ${name}; there are ${known.join(', ') || 'no queues at all'}`,
  );
}

/** A queue with a dead-letter queue stands for that one. */
async function deadLetterQueueOf(client: SQSClient, url: string): Promise<string> {
  const { deadLetterTargetArn } = await attributesOf(client, url);
  return deadLetterTargetArn === undefined ? url : urlOfQueue(client, deadLetterTargetArn);
}

/** @param arn of a queue of the same account and region */
export async function urlOfQueue(client: SQSClient, arn: string): Promise<string> {
  const { QueueUrl: url } = await client.send(new GetQueueUrlCommand({ QueueName: nameOf(arn) }));
  if (url === undefined) throw new RedriveError(`The queue ${arn} does not exist`);
  return url;
}

async function sourceArns(client: SQSClient, url: string): Promise<string[]> {
  const { queueUrls = [] } = await client.send(
    new ListDeadLetterSourceQueuesCommand({ QueueUrl: url }),
  );
  return Promise.all(queueUrls.map(async (source) => (await attributesOf(client, source)).arn));
}

async function attributesOf(
  client: SQSClient,
  queueUrl: string,
): Promise<{ arn: string; waiting: number; deadLetterTargetArn: string | undefined }> {
  const { Attributes: attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  const policy = attributes['RedrivePolicy'];
  return {
    arn: attributes['QueueArn'] ?? '',
    waiting: Number(attributes['ApproximateNumberOfMessages'] ?? 0),
    deadLetterTargetArn:
      policy === undefined
        ? undefined
        : redrivePolicy.parse(JSON.parse(policy)).deadLetterTargetArn,
  };
}

export const nameOf = (urlOrArn: string): string => urlOrArn.split(/[/:]/).at(-1) ?? urlOrArn;

/** Where the letters of a plan go, in words. */
export function destinationOf({ way }: RedrivePlan): string {
  if (way.kind === 'move') return way.destinationArns.map(nameOf).join(', ');
  if (way.kind === 'send') return nameOf(way.destinationArn);
  const functions = [...new Set([...way.functionArnOfTopic.values()].map(nameOf))];
  return functions.length === 0 ? 'the function that each names' : functions.join(', ');
}
