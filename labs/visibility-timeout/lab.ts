import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Lab, Stage } from '../stage/stage.ts';

/** A job that takes longer than WorkQueue hides its message (serverless.yml says one second). */
const SLOW_JOB_MS = 1_800;
/** How long the second worker waits for a message. */
const PATIENCE_SECONDS = 3;
/** Enough for the whole job, set anew before it runs out. */
const EXTENDED_SECONDS = 5;

export const lab: Lab = {
  title: 'Visibility timeout: shorter than the work, and extended',
  page: 'docs/patterns/visibility-timeout.md',
  service: import.meta.dirname,
  about:
    'A worker receives a message and works on it for longer than the queue hides it. A second worker\n' +
    'waits at the same queue. Then the same again, with a worker that extends the timeout.',
  question: {
    asks: 'The queue hides a received message for one second, the job takes almost two, and a second worker is waiting. What does the second worker get?',
    answers: [
      'nothing: the message belongs to the first worker until it is deleted',
      'the same message, while the first worker is still at it',
      'the same message, once the first worker has deleted it',
    ],
    right: 1,
    because:
      'a receive hides a message for the visibility timeout and no longer; nobody owns it, and SQS does not know that somebody still works',
  },
  play: async (stage) => {
    await tooShort(stage);
    await extended(stage);
  },
};

async function tooShort(stage: Stage): Promise<void> {
  const { narrator } = stage;
  await narrator.step(
    'The job takes longer than the timeout',
    'The first worker receives the message and starts. After a second the queue gives it away again.',
  );
  await send(stage, 'render invoice 1');
  const first = await receive(stage, 0);
  narrator.say(`   first worker: received "${first?.Body}" (receive count ${receiveCount(first)})`);
  const [second] = await Promise.all([receive(stage, PATIENCE_SECONDS), work()]);
  narrator.say(
    `   second worker: received "${second?.Body}" (receive count ${receiveCount(second)})`,
  );
  narrator.check('the second worker got the same message', second?.MessageId, first?.MessageId);
  narrator.check('the queue has counted two receives', receiveCount(second), '2');
  await remove(stage, second);
  narrator.check('deleted once, it is gone', await receive(stage, 0), undefined);
}

async function extended(stage: Stage): Promise<void> {
  const { narrator } = stage;
  await narrator.step(
    'The worker extends the timeout while it works',
    `ChangeMessageVisibility counts from the moment of the call: ${EXTENDED_SECONDS} seconds from now.`,
  );
  await send(stage, 'render invoice 2');
  const first = await receive(stage, 0);
  await stage.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: stage.nameOf('WorkQueue'),
      ReceiptHandle: first?.ReceiptHandle,
      VisibilityTimeout: EXTENDED_SECONDS,
    }),
  );
  narrator.say(`   first worker: received "${first?.Body}" and extended its timeout`);
  const [second] = await Promise.all([receive(stage, PATIENCE_SECONDS), work()]);
  narrator.check('the second worker got nothing', second, undefined);
  await remove(stage, first);
  narrator.check(
    'the job was done once, and the queue is empty',
    await receive(stage, 0),
    undefined,
  );
}

const send = ({ sqs, nameOf }: Stage, body: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl: nameOf('WorkQueue'), MessageBody: body }));

async function receive({ sqs, nameOf }: Stage, seconds: number): Promise<Message | undefined> {
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: nameOf('WorkQueue'),
      WaitTimeSeconds: seconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  );
  return Messages?.[0];
}

const remove = ({ sqs, nameOf }: Stage, message: Message | undefined) =>
  sqs.send(
    new DeleteMessageCommand({
      QueueUrl: nameOf('WorkQueue'),
      ReceiptHandle: message?.ReceiptHandle,
    }),
  );

const receiveCount = (message: Message | undefined): string | undefined =>
  message?.Attributes?.ApproximateReceiveCount;

/** What the worker is busy with: it takes its time and does nothing else. */
const work = () => new Promise((resolve) => setTimeout(resolve, SLOW_JOB_MS));
