import {
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { redriveLetters } from './redrive-letters.ts';
import { type RedriveClients, type RedrivePlan, RedriveError } from './redrive-plan.ts';

export interface RedriveSettings {
  /** Letters per second, at most 500; as fast as it goes unless given. */
  rate?: number | undefined;
  pollMs: number;
  onProgress: (progress: string) => void;
}

export interface RedriveResult {
  /** Gone from the dead-letter queue to where they belong. */
  moved: number;
  /** Still in the dead-letter queue, with the reason; of one that SQS moves, no such thing is known. */
  kept: readonly KeptLetter[];
}

export interface KeptLetter {
  messageId: string;
  reason: string;
}

/**
 * Brings the letters of a dead-letter queue back to work. None is deleted before it has been taken
 * over: one that fails again stays, or comes back.
 *
 * @throws RedriveError when SQS could not move them all
 */
export async function redrive(
  clients: RedriveClients,
  plan: RedrivePlan,
  settings: RedriveSettings,
): Promise<RedriveResult> {
  const { way } = plan;
  if (way.kind !== 'move') return redriveLetters(clients, { ...plan, way }, settings);
  const [destinationArn, ...others] = way.destinationArns;
  return {
    // Of several sources, SQS knows for each letter the one it came from.
    moved: await move(
      clients.sqs,
      plan,
      others.length === 0 ? destinationArn : undefined,
      settings,
    ),
    kept: [],
  };
}

/**
 * Starts a task of SQS and follows it to its end; answers with the number of letters moved.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
async function move(
  client: SQSClient,
  { deadLetterQueueArn }: RedrivePlan,
  destinationArn: string | undefined,
  { rate, pollMs, onProgress }: RedriveSettings,
): Promise<number> {
  const { TaskHandle: handle } = await client.send(
    new StartMessageMoveTaskCommand({
      SourceArn: deadLetterQueueArn,
      DestinationArn: destinationArn,
      MaxNumberOfMessagesPerSecond: rate,
    }),
  );
  for (;;) {
    const { Results: tasks = [] } = await client.send(
      new ListMessageMoveTasksCommand({ SourceArn: deadLetterQueueArn, MaxResults: 10 }),
    );
    // A task that has ended no longer shows its handle; it is then the newest one.
    const task = tasks.find(({ TaskHandle }) => TaskHandle === handle) ?? tasks[0];
    const moved = task?.ApproximateNumberOfMessagesMoved ?? 0;
    if (task && task.Status !== 'RUNNING' && task.Status !== 'CANCELLING') {
      if (task.Status === 'COMPLETED') return moved;
      throw new RedriveError(
        `The redrive ended ${task.Status} after ${moved} messages: ${task.FailureReason ?? 'no reason was given'}`,
      );
    }
    onProgress(`${moved} moved so far`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
