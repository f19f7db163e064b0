import { orderIdOf, pencils } from '../stage/shop.ts';
import { soon, type Lab, type Stage } from '../stage/stage.ts';
import { withProperties } from '../stage/with-properties.ts';

/** Seconds that OrderIntakeQueue hides a message in this lab, and that recordOrders may run. */
const HIDDEN_SECONDS = 2;

export const lab: Lab = {
  title: 'Idempotency: killed between the write and the publish',
  page: 'docs/patterns/idempotency.md',
  about:
    'recordOrders writes an order as Placed and then publishes that. Its execution environment is\n' +
    'killed in between: the order stands in the table, and nobody has been told.\n' +
    `(The queue hides a message for ${HIDDEN_SECONDS} seconds here, so that nobody has to wait for a minute.)`,
  question: {
    asks: 'The order is written, the event is not published, and the process is gone. How does the fraud service hear of the order?',
    answers: [
      'a job compares the table with what was published',
      'the message was never deleted: it comes again, the write recognises itself, and the event is published',
      'not at all: the customer has to order again',
    ],
    right: 1,
    because:
      'the queue is the outbox. A message leaves it only when both the write and the publish are done; doing both again changes nothing that was done',
  },
  adapt: (template) =>
    withProperties('RecordOrdersLambdaFunction', { Timeout: HIDDEN_SECONDS })(
      withProperties('OrderIntakeQueue', { VisibilityTimeout: HIDDEN_SECONDS })(template),
    ),
  play: async (stage) => {
    await killed(stage);
    await repeated(stage);
  },
};

async function killed(stage: Stage): Promise<void> {
  const { narrator, system, shop, journeys } = stage;
  await narrator.step(
    'The environment is killed before its first publish',
    'npm run fault -- kill-environment --function recordOrders --service sns --when before --times 1',
  );
  await system.faults.add({
    type: 'kill-environment',
    function: 'recordOrders',
    service: 'sns',
    when: 'before',
    times: 1,
  });
  const struck = system.activity.waitFor('fault-struck', () => true);
  const answer = await shop.place(pencils('customer-1'));
  const orderId = orderIdOf(answer);
  const mailed = system.activity.waitFor('email-sent', ({ subjectLine }) =>
    subjectLine.includes(orderId),
  );
  narrator.request('POST /orders', answer);
  await struck;
  const order = await shop.read(orderId);
  narrator.request('GET /orders/{orderId}, right after the kill', order);
  narrator.check('the order is written', stateOf(order.body), 'Placed');
  narrator.check('nothing about it is published', published(stage, orderId), []);

  await narrator.step(
    'The message comes again',
    'The condition refuses a second write, the function sees that it is its own, and publishes.',
  );
  await soon('the order is mailed', mailed);
  await journeys.rest(orderId);
  narrator.journey(journeys.of(orderId), answer.at, { names: journeys.names });
  narrator.check('every state is published once', published(stage, orderId), [
    'Placed',
    'Approved',
    'Shipped',
  ]);
  narrator.check('the order was inserted once', inserts(stage, orderId), 1);
  narrator.check('one mail was sent', mails(stage, orderId), 1);
}

async function repeated(stage: Stage): Promise<void> {
  const { narrator, system, shop, journeys } = stage;
  await narrator.step(
    'Every message is delivered twice',
    'As a standard queue may do at any time. The second delivery finds the order recorded.',
  );
  await system.faults.add({ type: 'deliver-twice', queue: 'OrderIntakeQueue' });
  const answer = await shop.place(pencils('customer-2'));
  const orderId = orderIdOf(answer);
  await system.activity.waitFor('email-sent', ({ subjectLine }) => subjectLine.includes(orderId));
  await journeys.rest(orderId);
  await system.faults.endAll();
  narrator.check('the order was inserted once', inserts(stage, orderId), 1);
  narrator.check('it is Shipped', stateOf((await shop.read(orderId)).body), 'Shipped');
  narrator.check('one mail was sent', mails(stage, orderId), 1);
}

/** The states of an order that FIFO subscribers were told of, as they came. */
const published = ({ system }: Stage, orderId: string): string[] =>
  system.activity
    .since()
    .flatMap((happened) =>
      happened.type === 'message-published' &&
      happened.topic.endsWith('.fifo') &&
      happened.subject === orderId
        ? [happened.attributes['State'] ?? '']
        : [],
    );

const inserts = ({ system }: Stage, orderId: string): number =>
  system.activity
    .since()
    .filter(
      (happened) =>
        happened.type === 'item-written' &&
        happened.operation === 'PutItem' &&
        happened.table.endsWith('-OrdersTable') &&
        happened.key === orderId,
    ).length;

const mails = ({ system }: Stage, orderId: string): number =>
  system.activity
    .since()
    .filter((happened) => happened.type === 'email-sent' && happened.subjectLine.includes(orderId))
    .length;

const stateOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'state' in body ? body.state : undefined;
