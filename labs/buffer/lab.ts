import { Queue } from '../stage/queue.ts';
import { orderIdOf, pencils } from '../stage/shop.ts';
import { soon, type Lab, type Stage } from '../stage/stage.ts';

const ORDERS = 40;

export const lab: Lab = {
  title: 'The queue as a buffer: a spike waits, and nothing is lost',
  page: 'docs/patterns/sqs-as-a-buffer.md',
  about:
    'The consumer of OrderIntakeQueue is paused, as if the database behind it were under maintenance,\n' +
    `and ${ORDERS} orders arrive at once. Then it comes back, and the table is slow.`,
  question: {
    asks: 'What do the customers see while the consumer is paused?',
    answers: [
      'errors: nothing can be written',
      '202 for every order, and 404 when they ask for it right away',
      'requests that hang until the consumer is back',
    ],
    right: 1,
    because:
      'an order is accepted when the queue has it; that it is recorded comes later, and the answer says so',
  },
  play: async (stage) => {
    const orderIds = await spike(stage);
    await drain(stage, orderIds);
  },
};

async function spike(stage: Stage): Promise<string[]> {
  const { narrator, shop, system, sqs, nameOf } = stage;
  await narrator.step(
    `The consumer is paused, and ${ORDERS} orders arrive`,
    'npm run fault -- pause-consumer --function recordOrders does the same to a running system.',
  );
  await system.faults.add({ type: 'pause-consumer', function: 'recordOrders' });
  const answers = await Promise.all(
    Array.from({ length: ORDERS }, (_, place) => shop.place(pencils(`customer-${100 + place}`))),
  );
  const statuses = new Set(answers.map(({ status }) => status));
  narrator.check('every order is accepted', [...statuses], [202]);
  const orderIds = answers.map((answer) => orderIdOf(answer));
  const { waiting } = await new Queue(sqs, nameOf('OrderIntakeQueue')).depth();
  narrator.say(`   OrderIntakeQueue: ${'▇'.repeat(waiting)} ${waiting}`);
  narrator.check('all of them wait in the queue', waiting, ORDERS);
  const first = await shop.read(orderIds[0] ?? '');
  narrator.request('GET /orders/{orderId}', first);
  narrator.check('none is recorded yet', first.status, 404);
  return orderIds;
}

async function drain(stage: Stage, orderIds: readonly string[]): Promise<void> {
  const { narrator, system, sqs, nameOf } = stage;
  await narrator.step(
    'The consumer is back, and the table is slow',
    'It takes what it can: the table never sees more at once than the consumer’s concurrency lets through.',
  );
  await system.faults.endAll();
  await system.faults.add({
    type: 'delay-requests',
    service: 'dynamodb',
    function: 'recordOrders',
    ms: 50,
  });
  const missing = new Set(orderIds);
  const queue = new Queue(sqs, nameOf('OrderIntakeQueue'));
  const recorded = new Promise<void>((resolve) => {
    const stop = system.activity.subscribe((happened) => {
      if (happened.type !== 'item-written' || !happened.table.endsWith('-OrdersTable')) return;
      if (!missing.delete(happened.key ?? '')) return;
      if (missing.size % 10 === 0 && missing.size > 0) {
        narrator.say(`   not recorded yet: ${'▇'.repeat(missing.size)} ${missing.size}`);
      }
      if (missing.size > 0) return;
      stop();
      resolve();
    });
  });
  await soon('every order is recorded', recorded);
  narrator.check('every order is recorded', [...missing], []);
  narrator.check('nothing waits any more', (await queue.depth()).waiting, 0);
}
