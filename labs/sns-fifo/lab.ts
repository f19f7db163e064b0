import { PublishCommand } from '@aws-sdk/client-sns';
import { Queue } from '../stage/queue.ts';
import { soon, type Lab, type Stage } from '../stage/stage.ts';

export const lab: Lab = {
  title: 'SNS FIFO to SQS FIFO: fan-out in order, without repetitions',
  page: 'docs/patterns/sns-fifo-and-sqs-fifo.md',
  service: import.meta.dirname,
  about:
    'A FIFO topic hands entries of two accounts to two FIFO queues. The publisher gets no answer to one\n' +
    'publish and does it again.',
  question: {
    asks: 'The topic’s FifoThroughputScope is MessageGroup. Two accounts publish with the same deduplication id. How many messages does each queue get?',
    answers: ['one: the id is a repetition', 'two: each account has its own ids'],
    right: 1,
    because: 'with that scope the topic tells repetitions apart within a message group only',
  },
  play: async (stage) => {
    await repetition(stage);
    await scope(stage);
    await order(stage);
  },
};

async function repetition(stage: Stage): Promise<void> {
  const { narrator } = stage;
  await narrator.step(
    'The same message is published twice',
    'Its deduplication id is the same, so the topic accepts the second publish and delivers nothing.',
  );
  await publish(stage, 'A', 'A opened', 'A-opened', 2);
  await publish(stage, 'A', 'A opened', 'A-opened', 0);
  narrator.check('the ledger got it once', await drain(stage, 'LedgerQueue'), ['A opened']);
  narrator.check('and so did the audit', await drain(stage, 'AuditQueue'), ['A opened']);
}

async function scope(stage: Stage): Promise<void> {
  const { narrator } = stage;
  await narrator.step(
    'Two accounts use the same deduplication id',
    'FifoThroughputScope is MessageGroup, and both queues have the DeduplicationScope messageGroup.',
  );
  await publish(stage, 'A', 'A paid in', 'paid-in', 2);
  await publish(stage, 'B', 'B paid in', 'paid-in', 2);
  narrator.check('both are delivered', (await drain(stage, 'LedgerQueue')).toSorted(), [
    'A paid in',
    'B paid in',
  ]);
  await drain(stage, 'AuditQueue');
}

async function order(stage: Stage): Promise<void> {
  const { narrator } = stage;
  await narrator.step(
    'Ten entries of each account, in turns',
    'Whatever the accounts have to do with each other, every queue has each account in its order.',
  );
  const numbers = Array.from({ length: 10 }, (_, place) => place + 1);
  for (const number of numbers) {
    for (const account of ['A', 'B']) {
      await publish(stage, account, `${account} ${number}`, `${account}-${number}`, 2);
    }
  }
  for (const queue of ['LedgerQueue', 'AuditQueue']) {
    const received = await drain(stage, queue);
    for (const account of ['A', 'B']) {
      narrator.check(
        `${queue} has account ${account} in its order`,
        received.filter((body) => body.startsWith(account)),
        numbers.map((number) => `${account} ${number}`),
      );
    }
  }
}

/** @param deliveries how many to wait for */
async function publish(
  { system, sns, nameOf }: Stage,
  account: string,
  body: string,
  deduplicationId: string,
  deliveries: number,
): Promise<void> {
  const delivered = new Promise<void>((resolve) => {
    let left = deliveries;
    if (left === 0) resolve();
    const stop = system.activity.subscribe(({ type }) => {
      if (type !== 'message-delivered' || --left > 0) return;
      stop();
      resolve();
    });
  });
  await sns.send(
    new PublishCommand({
      TopicArn: nameOf('Entries'),
      Message: body,
      MessageGroupId: account,
      MessageDeduplicationId: deduplicationId,
    }),
  );
  await soon(`${deliveries} deliveries of "${body}"`, delivered);
}

async function drain({ sqs, nameOf }: Stage, logicalId: string): Promise<string[]> {
  const queue = new Queue(sqs, nameOf(logicalId));
  const bodies: string[] = [];
  for (;;) {
    const messages = await queue.receive({ atMost: 10 });
    if (messages.length === 0) return bodies;
    for (const message of messages) {
      bodies.push(message.Body ?? '');
      await queue.delete(message);
    }
  }
}
