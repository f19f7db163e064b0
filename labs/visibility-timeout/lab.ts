import { Queue, receiveCount } from '../stage/queue.ts';
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

async function tooShort({ narrator, sqs, nameOf }: Stage): Promise<void> {
  const queue = new Queue(sqs, nameOf('WorkQueue'));
  await narrator.step(
    'The job takes longer than the timeout',
    'The first worker receives the message and starts. After a second the queue gives it away again.',
  );
  await queue.send('render invoice 1');
  const [first] = await queue.receive();
  narrator.say(`   first worker: received "${first?.Body}" (receive count ${receiveCount(first)})`);
  const [[second]] = await Promise.all([queue.receive({ waitSeconds: PATIENCE_SECONDS }), work()]);
  narrator.say(
    `   second worker: received "${second?.Body}" (receive count ${receiveCount(second)})`,
  );
  narrator.check('the second worker got the same message', second?.MessageId, first?.MessageId);
  narrator.check('the queue has counted two receives', receiveCount(second), 2);
  if (second) await queue.delete(second);
  narrator.check('deleted once, it is gone', await queue.receive(), []);
}

async function extended({ narrator, sqs, nameOf }: Stage): Promise<void> {
  const queue = new Queue(sqs, nameOf('WorkQueue'));
  await narrator.step(
    'The worker extends the timeout while it works',
    `ChangeMessageVisibility counts from the moment of the call: ${EXTENDED_SECONDS} seconds from now.`,
  );
  await queue.send('render invoice 2');
  const [first] = await queue.receive();
  if (first) await queue.hideFor(EXTENDED_SECONDS, first);
  narrator.say(`   first worker: received "${first?.Body}" and extended its timeout`);
  const [others] = await Promise.all([queue.receive({ waitSeconds: PATIENCE_SECONDS }), work()]);
  narrator.check('the second worker got nothing', others, []);
  if (first) await queue.delete(first);
  narrator.check('the job was done once, and the queue is empty', await queue.receive(), []);
}

/** What the worker is busy with: it takes its time and does nothing else. */
const work = () => new Promise((resolve) => setTimeout(resolve, SLOW_JOB_MS));
