import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  paginateListQueues,
  StartMessageMoveTaskCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';

/** The queue cannot be redriven, and the message says why. */
export class RedriveError extends Error {
  override readonly name = 'RedriveError';
}

/** The two ends of a redrive. */
export interface RedrivePath {
  deadLetterQueueUrl: string;
  deadLetterQueueArn: string;
  /** Undefined: each message goes back to the queue that it came from. */
  destinationArn: string | undefined;
  /** How many messages wait there, as far as SQS knows. */
  waiting: number;
}

export interface RedriveResult {
  moved: number;
  /** `COMPLETED`, `FAILED` or `CANCELLED`. */
  status: string;
  failureReason: string | undefined;
}

/**
 * Finds the dead-letter queue that `name` means. A source queue stands for its dead-letter queue,
 * and then only its own messages' way back is meant.
 *
 * @param name a queue's name, or its logical id: what the name ends with
 * @throws RedriveError
 */
export async function findRedrivePath(client: SQSClient, name: string): Promise<RedrivePath> {
  const url = await findQueue(client, name);
  const { arn, deadLetterTargetArn } = await attributesOf(client, url);
  if (deadLetterTargetArn !== undefined) {
    const deadLetterQueueUrl = await urlOfArn(client, deadLetterTargetArn);
    return pathFrom(client, deadLetterQueueUrl, arn);
  }
  const { queueUrls = [] } = await client.send(
    new ListDeadLetterSourceQueuesCommand({ QueueUrl: url }),
  );
  if (queueUrls.length === 0) {
    throw new RedriveError(
      `${nameOf(url)} has no dead-letter queue and is not the dead-letter queue of another queue. SQS moves messages back to queues only, not to a topic's subscription or a function.`,
    );
  }
  return pathFrom(client, url, undefined);
}

/**
 * Moves the messages back and follows the task to its end.
 *
 * @param onProgress called with the number moved so far
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export async function redrive(
  client: SQSClient,
  path: RedrivePath,
  { pollMs, onProgress }: { pollMs: number; onProgress: (moved: number) => void },
): Promise<RedriveResult> {
  const { TaskHandle: handle } = await client.send(
    new StartMessageMoveTaskCommand({
      SourceArn: path.deadLetterQueueArn,
      ...(path.destinationArn === undefined ? {} : { DestinationArn: path.destinationArn }),
    }),
  );
  for (;;) {
    const { Results: tasks = [] } = await client.send(
      new ListMessageMoveTasksCommand({ SourceArn: path.deadLetterQueueArn, MaxResults: 10 }),
    );
    // A task that has ended no longer shows its handle; it is then the newest one.
    const task = tasks.find(({ TaskHandle }) => TaskHandle === handle) ?? tasks[0];
    const moved = task?.ApproximateNumberOfMessagesMoved ?? 0;
    if (task && task.Status !== 'RUNNING' && task.Status !== 'CANCELLING') {
      return { moved, status: task.Status ?? 'COMPLETED', failureReason: task.FailureReason };
    }
    onProgress(moved);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

export const nameOf = (urlOrArn: string): string => urlOrArn.split(/[/:]/).at(-1) ?? urlOrArn;

const withoutSuffix = (name: string): string => name.replace(/\.fifo$/, '');

async function findQueue(client: SQSClient, name: string): Promise<string> {
  const urls: string[] = [];
  for await (const page of paginateListQueues({ client }, { MaxResults: 1000 })) {
    urls.push(...(page.QueueUrls ?? []));
  }
  const exact = urls.find((url) => nameOf(url) === name);
  if (exact !== undefined) return exact;
  const [match, ...others] = urls.filter((url) =>
    withoutSuffix(nameOf(url)).endsWith(`-${withoutSuffix(name)}`),
  );
  if (match === undefined) {
    throw new RedriveError(
      `There is no queue ${name}; there are ${urls.map(nameOf).toSorted().join(', ') || 'no queues at all'}`,
    );
  }
  if (others.length > 0) {
    throw new RedriveError(
      `${name} may be any of ${[match, ...others].map(nameOf).join(', ')}: give the whole name`,
    );
  }
  return match;
}

const redrivePolicy = z.object({ deadLetterTargetArn: z.string() });

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

async function pathFrom(
  client: SQSClient,
  deadLetterQueueUrl: string,
  destinationArn: string | undefined,
): Promise<RedrivePath> {
  const { arn, waiting } = await attributesOf(client, deadLetterQueueUrl);
  return { deadLetterQueueUrl, deadLetterQueueArn: arn, destinationArn, waiting };
}

async function urlOfArn(client: SQSClient, arn: string): Promise<string> {
  const { QueueUrl: url } = await client.send(new GetQueueUrlCommand({ QueueName: nameOf(arn) }));
  if (url === undefined) throw new RedriveError(`The dead-letter queue ${arn} does not exist`);
  return url;
}
