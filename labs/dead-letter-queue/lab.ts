import { StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { Queue } from '../stage/queue.ts';
import { soon, type Lab, type Stage } from '../stage/stage.ts';

const GOOD = ['A', 'B', 'C'];
const UNREADABLE = '{"orderId": ';

export const lab: Lab = {
  title: 'Dead-letter queue: set aside, repaired, redriven',
  page: 'docs/patterns/dead-letter-queue-and-redrive.md',
  service: import.meta.dirname,
  about:
    'Three orders and an unreadable message, two tries each. First the table behind the function is\n' +
    'down, then it is repaired and the dead letters are moved back.',
  question: {
    asks: 'After the table works again, all four dead letters are moved back to the queue. How many end in the dead-letter queue again?',
    answers: ['none', 'one', 'all four: they have used up their receives'],
    right: 1,
    because:
      'a move starts the receive count anew; the orders only lacked a table, and the unreadable message is as unreadable as before',
  },
  play: async (stage) => {
    await fail(stage);
    await redrive(stage);
  },
};

async function fail({ narrator, sqs, nameOf, system }: Stage): Promise<void> {
  const queue = new Queue(sqs, nameOf('OrderQueue'));
  await narrator.step(
    'The table refuses every write',
    'The function gives each message back (a partial batch response), a second later it comes again,\nand after two receives SQS moves it to the dead-letter queue.',
  );
  const fault = await system.faults.add({ type: 'fail-requests', service: 'dynamodb' });
  const moved = deadLetters(system, GOOD.length + 1);
  for (const orderId of GOOD) await queue.send(JSON.stringify({ orderId }));
  await queue.send(UNREADABLE);
  await soon('four dead letters', moved);
  await system.faults.end(fault.id);
  const reasons = system.activity
    .since()
    .flatMap((happened) =>
      happened.type === 'function-logged'
        ? [/failed [\w-]+: (.*)/.exec(happened.line)?.[1] ?? '']
        : [],
    )
    .filter((reason) => reason !== '');
  for (const reason of new Set(reasons)) narrator.say(`   the log: ${reason}`);
  narrator.check('the log says why', reasons.length >= 2 * (GOOD.length + 1), true);
  const { waiting } = await new Queue(sqs, nameOf('OrderDeadLetters')).depth();
  narrator.check('all four are dead letters, and none is lost', waiting, GOOD.length + 1);
}

async function redrive({ narrator, sqs, nameOf, system }: Stage): Promise<void> {
  await narrator.step(
    'The table is repaired, and the dead letters are moved back',
    'StartMessageMoveTask returns every message to the queue that it came from.',
  );
  const written = new Set<string>();
  const allWritten = new Promise<void>((resolve) => {
    const stop = system.activity.subscribe((happened) => {
      if (happened.type !== 'item-written') return;
      written.add(happened.key ?? '');
      if (written.size < GOOD.length) return;
      stop();
      resolve();
    });
  });
  const again = deadLetters(system, 1);
  const arn = system.resources.find(({ logicalId }) => logicalId === 'OrderDeadLetters');
  narrator.say(`   aws sqs start-message-move-task --source-arn …:${nameOfUrl(arn?.physicalId)}`);
  await sqs.send(
    new StartMessageMoveTaskCommand({
      SourceArn: `arn:aws:sqs:us-east-1:000000000000:${nameOfUrl(arn?.physicalId)}`,
    }),
  );
  await soon('three orders and a dead letter', Promise.all([allWritten, again]));
  narrator.check('the three orders are in the table', [...written].toSorted(), GOOD);
  const letters = await new Queue(sqs, nameOf('OrderDeadLetters')).receive({ atMost: 10 });
  narrator.check(
    'the unreadable message is a dead letter again',
    letters.map(({ Body }) => Body),
    [UNREADABLE],
  );
}

/** Resolves when that many messages have been moved to the dead-letter queue from now on. */
function deadLetters(system: Stage['system'], count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const stop = system.activity.subscribe(({ type }) => {
      if (type !== 'message-dead-lettered' || --left > 0) return;
      stop();
      resolve();
    });
  });
}

const nameOfUrl = (url = ''): string => url.slice(url.lastIndexOf('/') + 1);
