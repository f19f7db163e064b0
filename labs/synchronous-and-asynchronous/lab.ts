import { svgChart, terminalChart } from '../stage/chart.ts';
import { soon, type Lab, type Stage } from '../stage/stage.ts';

const ORDERS = 40;
/** The share of writes that the table refuses under the spike. */
const REFUSED = 0.3;
const STEP_MS = 100;

export const lab: Lab = {
  title: 'Synchronous against asynchronous: the same spike, twice',
  page: 'docs/patterns/sqs-as-a-buffer.md',
  service: import.meta.dirname,
  about:
    `${ORDERS} orders arrive at once at a table that refuses ${REFUSED * 100} % of the writes. First the functions that\n` +
    'answer the requests write; then they only send to a queue, and a consumer writes.',
  question: {
    asks: 'How many of the orders are stored in the end, and how many customers have to come back?',
    answers: [
      'both ways the same: the table refuses as many writes',
      'synchronous: about 70 % are stored, the others get an error. Asynchronous: all are stored, and nobody gets an error',
      'asynchronous: fewer, for a queue is slower',
    ],
    right: 1,
    because:
      'a refused write behind a queue is a message that comes again; a refused write within a request is the customer’s trouble',
  },
  play: async (stage) => {
    await stage.system.faults.add({
      type: 'throttle-requests',
      service: 'dynamodb',
      rate: REFUSED,
      seed: 7,
    });
    const direct = await spike(stage, '/direct', 'Synchronous');
    const { narrator } = stage;
    narrator.check('customers got errors', direct.refused > 0, true);
    narrator.check('their orders are lost', direct.stored, ORDERS - direct.refused);
    const queued = await spike(stage, '/queued', 'Asynchronous');
    narrator.check('no customer got an error', queued.refused, 0);
    narrator.check('every order is stored', queued.stored, ORDERS);
  },
};

interface Spike {
  readonly stored: number;
  readonly refused: number;
}

async function spike(stage: Stage, path: string, title: string): Promise<Spike> {
  const { narrator, system } = stage;
  await narrator.step(`${title}: POST ${path}`, `${ORDERS} requests at the same time.`);
  const stored = new Set<string>();
  const counts = [0];
  const settled = Promise.withResolvers<void>();
  let expected = ORDERS;
  const note = (): void => {
    if (stored.size >= expected) settled.resolve();
  };
  const stop = system.activity.subscribe((happened) => {
    if (happened.type !== 'item-written' || happened.key?.startsWith(path) !== true) return;
    stored.add(happened.key);
    note();
  });
  const clock = setInterval(() => counts.push(stored.size), STEP_MS);
  try {
    const statuses = await Promise.all(
      Array.from({ length: ORDERS }, (_, place) => post(stage, path, `${path}-${place}`)),
    );
    const refused = statuses.filter((status) => status >= 500).length;
    // What was refused within a request is stored by nobody.
    expected = path === '/direct' ? ORDERS - refused : ORDERS;
    note();
    await soon(`${expected} stored orders`, settled.promise);
    counts.push(stored.size);
    const series = [
      { name: 'orders placed', values: counts.map(() => ORDERS) },
      { name: 'orders stored', values: counts },
    ];
    for (const line of terminalChart(series)) narrator.say(`   ${line}`);
    await stage.picture(
      title.toLowerCase(),
      svgChart(`${title}: ${ORDERS} orders at once`, series, STEP_MS),
    );
    narrator.say(`   customers with an error: ${refused}`);
    return { stored: stored.size, refused };
  } finally {
    clearInterval(clock);
    stop();
  }
}

async function post({ system }: Stage, path: string, orderId: string): Promise<number> {
  const response = await fetch(new URL(path, system.url), {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: orderId,
  });
  await response.arrayBuffer();
  return response.status;
}
