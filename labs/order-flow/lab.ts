import * as z from 'zod';
import { orderIdOf, pencils, type OrderRequest } from '../stage/shop.ts';
import type { Lab, Stage } from '../stage/stage.ts';

type Scenario = (stage: Stage) => Promise<void>;

/** What GET /orders/{orderId} tells, as far as the demo looks at it. */
const orderView = z.object({
  state: z.string(),
  trackingNumber: z.string().optional(),
  history: z.array(
    z.object({ state: z.string(), reasons: z.array(z.object({ rule: z.string() })).optional() }),
  ),
});

const problem = z.object({
  type: z.string(),
  title: z.string(),
  errors: z.array(z.unknown()).optional(),
});

const shipped: Scenario = async (stage) => {
  const { narrator } = stage;
  await narrator.step(
    'Four pencils are ordered and shipped',
    'Buying answers at once and the order waits in a queue. Every arrow is a message or an invocation;\ngrey lines are writes, and deliveries that a filter policy kept from a queue.',
  );
  const { orderId, order } = await placed(stage, pencils('customer-1'), { quiet: true });
  narrator.check('it is Shipped', order.state, 'Shipped');
  narrator.check('it went through every state', statesOf(order), ['Placed', 'Approved', 'Shipped']);
  narrator.check('it has a tracking number', order.trackingNumber !== undefined, true);
  checkMail(stage, orderId, 'shipped');
};

const declined: Scenario = async (stage) => {
  const { narrator } = stage;
  await narrator.step(
    'An order that breaks three rules is declined',
    'The fraud service names every rule that fired, and not only the first.',
  );
  const request = pencils('customer-13', 250);
  request.address = { ...request.address, country: 'NL' };
  const { orderId, order } = await placed(stage, request);
  narrator.check('it is Declined', order.state, 'Declined');
  narrator.check(
    'the verdict carries every rule',
    order.history
      .at(-1)
      ?.reasons?.map(({ rule }) => rule)
      .toSorted(),
    ['blocked-customer', 'country-address-mismatch', 'quantity-over-limit'],
  );
  checkMail(stage, orderId, 'declined');
};

const cancelledInTime: Scenario = async (stage) => {
  const { narrator, shop, journeys, system } = stage;
  await narrator.step(
    'An order is cancelled in time',
    'FraudQueue.fifo is held back until the customer has cancelled. The verdict that comes afterwards\nfinds the order Cancelled, and changes nothing.',
  );
  const release = await stage.holdBack('screenOrders');
  const answer = await shop.place(pencils('customer-2'));
  const orderId = orderIdOf(answer);
  narrator.request('POST /orders', answer);
  await system.activity.waitFor(
    'message-published',
    ({ subject, attributes }) => subject === orderId && attributes['State'] === 'Placed',
  );
  const cancellation = await shop.cancel(orderId, 'Ordered by mistake');
  narrator.request('POST /orders/{orderId}/cancel', cancellation);
  await system.activity.waitFor('email-sent', ({ subjectLine }) => subjectLine.includes(orderId));
  release();
  await journeys.rest(orderId);
  narrator.journey(journeys.of(orderId), answer.at, { names: journeys.names });
  const order = await view(stage, orderId);
  narrator.check('the cancellation was taken', cancellation.status, 202);
  narrator.check('it is Cancelled', order.state, 'Cancelled');
  narrator.check('it was never Approved', statesOf(order), ['Placed', 'Cancelled']);
  checkMail(stage, orderId, 'cancelled');
};

const cancelledTooLate: Scenario = async (stage) => {
  const { narrator, shop } = stage;
  await narrator.step(
    'An order is cancelled too late',
    'A shipped order is at the end of its states: the answer is a conflict, and no message is sent.',
  );
  const { orderId } = await placed(stage, pencils('customer-3'), { tell: false });
  const cancellation = await shop.cancel(orderId, 'Changed my mind');
  narrator.request('POST /orders/{orderId}/cancel', cancellation);
  narrator.check('it is refused', cancellation.status, 409);
  narrator.check('it stays Shipped', (await view(stage, orderId)).state, 'Shipped');
};

const duplicated: Scenario = async (stage) => {
  const { narrator, shop, journeys, system } = stage;
  await narrator.step(
    'The same order is sent twice',
    'A client that got no answer asks again with the same Idempotency-Key: it is told of the order that\nit has, and a key that comes with another order is refused.',
  );
  const key = { 'idempotency-key': 'demo-0001' };
  const first = await shop.place(pencils('customer-4'), key);
  narrator.request('POST /orders', first);
  const again = await shop.place(pencils('customer-4'), key);
  narrator.request('POST /orders, the same key', again);
  const other = await shop.place(pencils('customer-4', 5), key);
  narrator.request('POST /orders, the same key for five pencils', other);
  const orderId = orderIdOf(first);
  await journeys.rest(orderId);
  narrator.check('both answers name one order', orderIdOf(again), orderId);
  await system.activity.waitFor('email-sent', ({ subjectLine }) => subjectLine.includes(orderId));
  await journeys.rest(orderId);
  const order = await view(stage, orderId);
  narrator.check('it went through every state once', statesOf(order), [
    'Placed',
    'Approved',
    'Shipped',
  ]);
  checkMail(stage, orderId, 'shipped');
  narrator.check('another order under that key is refused', other.status, 422);
};

const malformed: Scenario = async ({ narrator, shop }) => {
  await narrator.step(
    'Invalid orders',
    'The answer is a problem document (RFC 9457) that names the field and the rule.',
  );
  const unreadable = await shop.placeText('{"address":');
  narrator.request('POST /orders, half a JSON text', unreadable);
  const fractional = await shop.place(pencils('customer-5', 1.5));
  narrator.request('POST /orders, one and a half pencils', fractional);
  for (const answer of [unreadable, fractional]) {
    const { title, errors = [] } = problem.parse(answer.body);
    narrator.say(`     ${title}${errors.length === 0 ? '' : `: ${JSON.stringify(errors)}`}`);
    narrator.check('it is refused', answer.status, 400);
    narrator.check(
      'with a problem document',
      answer.contentType.split(';')[0],
      'application/problem+json',
    );
  }
};

const SCENARIOS: readonly Scenario[] = [
  shipped,
  declined,
  cancelledInTime,
  cancelledTooLate,
  duplicated,
  malformed,
];

export const lab: Lab = {
  title: 'The journey of an order',
  page: 'docs/architecture.md',
  about:
    'Orders that are shipped, declined, cancelled in time, cancelled too late, sent twice and malformed,\neach over real HTTP, with every message and invocation on its way.',
  question: {
    asks: 'A customer cancels while the fraud check still waits in its queue. The verdict comes afterwards. Which state is the order in?',
    answers: ['Approved, for the verdict came last', 'Cancelled', 'Either: it is a race'],
    right: 1,
    because:
      'every write has a condition on the state before it: no verdict applies to an order that is Cancelled',
  },
  play: async (stage) => {
    for (const scenario of SCENARIOS) await scenario(stage);
  },
};

interface PlacedOrder {
  orderId: string;
  order: z.infer<typeof orderView>;
}

/** Places an order, waits for its mail, and tells its way. */
async function placed(
  stage: Stage,
  request: OrderRequest,
  { quiet = false, tell = true }: { quiet?: boolean; tell?: boolean } = {},
): Promise<PlacedOrder> {
  const { shop, narrator, journeys, system } = stage;
  const answer = await shop.place(request);
  narrator.request('POST /orders', answer);
  narrator.check('it is accepted', answer.status, 202);
  const orderId = orderIdOf(answer);
  await system.activity.waitFor('email-sent', ({ subjectLine }) => subjectLine.includes(orderId));
  await journeys.rest(orderId);
  if (tell) narrator.journey(journeys.of(orderId), answer.at, { names: journeys.names, quiet });
  return { orderId, order: await view(stage, orderId) };
}

const view = async ({ shop }: Stage, orderId: string): Promise<PlacedOrder['order']> =>
  orderView.parse((await shop.read(orderId)).body);

const statesOf = ({ history }: PlacedOrder['order']): string[] => history.map(({ state }) => state);

function checkMail({ narrator, journeys }: Stage, orderId: string, outcome: string): void {
  const mails = journeys.of(orderId).filter(({ verdict }) => verdict === 'mailed');
  narrator.check(
    'the customer got one mail about it',
    mails.map(({ note }) => note),
    [`Order ${orderId}: ${outcome}`],
  );
}
