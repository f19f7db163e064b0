import { sequence, type Step } from '../sequence.ts';

const QUEUE = 'OrderIntakeQueue';
const CONSUMER = 'recordOrders';
const TABLE = 'OrdersTable';
const TOPICS = 'OrderEvents';

const STEPS: readonly Step[] = [
  { from: QUEUE, to: CONSUMER, says: '1. receive' },
  { from: CONSUMER, to: TABLE, says: '2. write, if it is not there' },
  { from: CONSUMER, to: CONSUMER, says: 'killed before it publishes', tone: 'red' },
  { from: QUEUE, to: QUEUE, says: 'visible again', tone: 'violet' },
  { from: QUEUE, to: CONSUMER, says: '1. receive, the same message' },
  { from: CONSUMER, to: TABLE, says: '2. write: the condition fails', dashed: true },
  { from: TABLE, to: CONSUMER, says: 'it was this message that wrote it', tone: 'green' },
  { from: CONSUMER, to: TOPICS, says: '3. publish, with the same event id', tone: 'green' },
  { from: CONSUMER, to: QUEUE, says: '4. only now delete', tone: 'green' },
];

/** How a message that stays until everything is done keeps a write and a publish together. */
export const outbox = (): string =>
  sequence(
    'The queue is the outbox: killed between write and publish',
    [
      { name: QUEUE, tone: 'violet' },
      { name: CONSUMER, tone: 'amber' },
      { name: TABLE, tone: 'green' },
      { name: TOPICS, tone: 'blue' },
    ],
    STEPS,
  );
