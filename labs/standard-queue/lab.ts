import { Queue, receiveCount } from '../stage/queue.ts';
import type { Lab, Stage } from '../stage/stage.ts';

const ORDERS = ['order A', 'order B', 'order C', 'order D', 'order E', 'order F'];

export const lab: Lab = {
  title: 'Standard queue: kept until deleted, delivered at least once',
  page: 'docs/patterns/sqs-standard-queue.md',
  service: import.meta.dirname,
  about:
    'A producer sends six orders and goes. Two workers pull from the queue; one of them dies between\n' +
    'its work and the delete.',
  question: {
    asks: 'A worker has written an order into its database and dies before it calls DeleteMessage. What becomes of the message?',
    answers: [
      'it is gone: it was received, and the work was done',
      'it comes again, and the work is done twice unless the worker notices',
      'it goes to the dead-letter queue',
    ],
    right: 1,
    because:
      'SQS keeps a message until it is deleted, whoever has received it: at least once, so a consumer has to be idempotent',
  },
  play: async (stage) => {
    const written = new Map<string, number>();
    await produce(stage);
    await shareTheWork(stage, written);
    await dieBeforeTheDelete(stage, written);
  },
};

async function produce({ narrator, sqs, nameOf }: Stage): Promise<void> {
  const queue = new Queue(sqs, nameOf('OrderQueue'));
  await narrator.step(
    'The producer sends, and nobody is there',
    'Sending needs no consumer: the queue keeps the messages, for four days unless it says otherwise.',
  );
  for (const order of ORDERS) await queue.send(order);
  narrator.check('all of them wait in the queue', (await queue.depth()).waiting, ORDERS.length);
}

/** Both workers pull until five orders are done; every receive gives them different messages. */
async function shareTheWork(
  { narrator, sqs, nameOf }: Stage,
  written: Map<string, number>,
): Promise<void> {
  const queue = new Queue(sqs, nameOf('OrderQueue'));
  await narrator.step(
    'Two workers share the work',
    'A received message is hidden from the other worker, so both can pull without talking to each other.',
  );
  const pull = async (worker: string, atMost: number): Promise<void> => {
    for (const message of await queue.receive({ atMost })) {
      note(written, message.Body);
      await queue.delete(message);
      narrator.say(`   ${worker}: wrote and deleted "${message.Body}"`);
    }
  };
  await pull('worker 1', 2);
  await pull('worker 2', 3);
  narrator.check('no order was done twice', [...written.values()], [1, 1, 1, 1, 1]);
  narrator.check('one order is left', (await queue.depth()).waiting, 1);
}

async function dieBeforeTheDelete(
  { narrator, sqs, nameOf }: Stage,
  written: Map<string, number>,
): Promise<void> {
  const queue = new Queue(sqs, nameOf('OrderQueue'));
  await narrator.step(
    'Worker 1 dies between its work and the delete',
    'It has written the last order. Nobody deletes the message; after the visibility timeout of one\nsecond it is there again.',
  );
  const [last] = await queue.receive();
  note(written, last?.Body);
  narrator.say(`   worker 1: wrote "${last?.Body}" … and is gone`);
  const [again] = await queue.receive({ waitSeconds: 3 });
  note(written, again?.Body);
  narrator.say(`   worker 2: received "${again?.Body}", for the ${receiveCount(again)}nd time`);
  if (again) await queue.delete(again);
  narrator.check('the same message came again', again?.MessageId, last?.MessageId);
  narrator.check('that order was written twice', written.get(last?.Body ?? ''), 2);
  narrator.check(
    'no order was lost',
    [...written.keys()].toSorted((left, right) => left.localeCompare(right)),
    ORDERS,
  );
}

function note(written: Map<string, number>, order = ''): void {
  written.set(order, (written.get(order) ?? 0) + 1);
}
