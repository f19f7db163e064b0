import type { Lab, Stage } from '../stage/stage.ts';

export const lab: Lab = {
  title: 'The queue as an outbox: no write without its event',
  page: 'docs/decisions/0008-the-queue-is-the-outbox.md',
  service: import.meta.dirname,
  about:
    'Two ways to write an order and tell others of it: within the request, and behind a queue. Both are\n' +
    'killed between the write and the publish.',
  question: {
    asks: 'The function that answers the request is killed after the write and before the publish. What does the rest of the system know?',
    answers: [
      'nothing, for good: the order is in the table, and no event ever says so',
      'it gets the event when the function starts again',
      'the write is rolled back',
    ],
    right: 0,
    because:
      'a table and a topic share no transaction, and nothing remembers that the second half is missing. A queue in front remembers: it delivers until both are done',
  },
  play: async (stage) => {
    await direct(stage);
    await queued(stage);
  },
};

async function direct(stage: Stage): Promise<void> {
  const { narrator, system } = stage;
  await narrator.step(
    'Write and publish within the request',
    'POST /direct: PutItem, then Publish. The environment is killed before the publish.',
  );
  await kill(stage, 'placeDirectly');
  const { status } = await post(stage, '/direct', 'order-1');
  narrator.say(`   POST /direct is answered ${status}`);
  narrator.check('the client gets an error', status, 500);
  narrator.check('the order is in the table all the same', written(stage), ['order-1']);
  narrator.check('no event tells of it', published(stage), []);
  narrator.check('and no fault is left that could strike', system.faults.list(), []);
}

async function queued(stage: Stage): Promise<void> {
  const { narrator, system } = stage;
  await narrator.step(
    'The same behind a queue',
    'POST /queued only sends. The consumer is killed between its write and its publish, and the message,\nwhich was never deleted, comes again after a second.',
  );
  await kill(stage, 'recordOrder');
  const struck = system.activity.waitFor('fault-struck', () => true);
  const told = system.activity.waitFor('message-published', () => true);
  const { status } = await post(stage, '/queued', 'order-2');
  narrator.say(`   POST /queued is answered ${status}`);
  await struck;
  narrator.check('right after the kill no event tells of the order', published(stage), []);
  await told;
  narrator.check('the second delivery publishes it', published(stage).length, 1);
  narrator.check(
    'the order was written by both deliveries, as the same item',
    written(stage).filter((key) => key === 'order-2').length,
    2,
  );
}

const kill = ({ system }: Stage, functionKey: string) =>
  system.faults.add({
    type: 'kill-environment',
    function: functionKey,
    service: 'sns',
    when: 'before',
    times: 1,
  });

const post = ({ system }: Stage, path: string, orderId: string) =>
  fetch(new URL(path, system.url), {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: orderId,
  });

const written = ({ system }: Stage): string[] =>
  system.activity
    .since()
    .flatMap((happened) => (happened.type === 'item-written' ? [happened.key ?? ''] : []));

const published = ({ system }: Stage): string[] =>
  system.activity
    .since()
    .flatMap((happened) => (happened.type === 'message-published' ? [happened.messageId] : []));
