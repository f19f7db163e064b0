import { Queue } from '../stage/queue.ts';
import type { Lab, Stage } from '../stage/stage.ts';

export const lab: Lab = {
  title: 'FIFO queue: a message that fails blocks its group, and no other',
  page: 'docs/patterns/fifo-queue.md',
  service: import.meta.dirname,
  about:
    'Entries for two accounts go into one FIFO queue, the account is the message group. The second\n' +
    'entry of account A cannot be read.',
  question: {
    asks: 'Account A has the entries 1, an unreadable one, and 3; account B has 1, 2 and 3. What is booked while the unreadable entry is tried again?',
    answers: [
      'everything but the unreadable entry',
      'A 1, and all of B',
      'A 1 and B 1: the queue is first in, first out',
    ],
    right: 1,
    because:
      'order holds within a message group: A 3 waits behind the entry that fails, and B has nothing to do with it',
  },
  play: async (stage) => {
    const booked: string[] = [];
    const stop = stage.system.activity.subscribe((happened) => {
      const entry =
        happened.type === 'function-logged'
          ? /booked (\w \d+)/.exec(happened.line)?.[1]
          : undefined;
      if (entry !== undefined) booked.push(entry);
    });
    try {
      await repeats(stage, booked);
      await blocks(stage, booked);
    } finally {
      stop();
    }
  },
};

async function repeats({ narrator, sqs, nameOf, system }: Stage, booked: string[]): Promise<void> {
  const queue = new Queue(sqs, nameOf('EntryQueue'));
  await narrator.step(
    'The producer sends one entry twice',
    'A FIFO queue drops a message whose deduplication id it has seen in the last five minutes.',
  );
  const isBooked = system.activity.waitFor('message-deleted', () => true);
  await queue.send('0', { group: 'A', deduplicationId: 'A-0' });
  await queue.send('0', { group: 'A', deduplicationId: 'A-0' });
  await isBooked;
  narrator.check('it is booked once', booked.splice(0), ['A 0']);
}

async function blocks(stage: Stage, booked: string[]): Promise<void> {
  const { narrator, sqs, nameOf, system, holdBack } = stage;
  const queue = new Queue(sqs, nameOf('EntryQueue'));
  await narrator.step(
    'An entry that cannot be read stands in the middle of account A',
    'All six entries are in the queue before the function gets any. It gives the unreadable one back,\nand A 3 with it.',
  );
  const release = await holdBack('bookEntries');
  for (const account of ['A', 'B']) {
    for (const [place, entry] of ['1', account === 'A' ? 'one half' : '2', '3'].entries()) {
      const deduplicationId = `${account}-${place + 1}`;
      await queue.send(entry, { group: account, deduplicationId });
      narrator.say(`   sent ${account}: "${entry}"`);
    }
  }
  const deadLettered = system.activity.waitFor('message-dead-lettered', () => true);
  const returned = system.activity.waitFor('message-returned', () => true);
  release();
  await returned;
  narrator.say(`   booked so far: ${booked.join(', ')}`);
  narrator.check('A 1 and the whole of B are booked', booked.toSorted(), [
    'A 1',
    'B 1',
    'B 2',
    'B 3',
  ]);
  narrator.check(
    'B in its order',
    booked.filter((entry) => entry.startsWith('B')),
    ['B 1', 'B 2', 'B 3'],
  );

  await narrator.step(
    'The unreadable entry is moved aside, and its neighbour with it',
    'maxReceiveCount is 3. A 3 was received along with the unreadable entry each time, so its receives\nare used up too. The page says what a consumer can do about it.',
  );
  await deadLettered;
  const deadLetters = new Queue(sqs, nameOf('EntryDeadLetters'));
  const letters = await deadLetters.receive({ atMost: 10, waitSeconds: 2 });
  narrator.say(`   dead letters: ${letters.map(({ Body }) => `"${Body}"`).join(', ')}`);
  narrator.check(
    'the unreadable entry and the one behind it are dead letters, in their order',
    letters.map(({ Body }) => Body),
    ['one half', '3'],
  );
}
