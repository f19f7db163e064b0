import { sequence, type Step } from '../sequence.ts';

const QUEUE = 'queue';
const CONSUMER = 'consumer';
const DEAD_LETTERS = 'dead-letter queue';
const OPERATOR = 'you';
const MAX_RECEIVE_COUNT = 3;

const attempts = Array.from({ length: MAX_RECEIVE_COUNT }, (_, place): readonly Step[] => [
  { from: QUEUE, to: CONSUMER, says: `receive ${place + 1} of ${MAX_RECEIVE_COUNT}` },
  { from: CONSUMER, to: QUEUE, says: 'fails: visible again after the timeout', tone: 'red' },
]);

const STEPS: readonly Step[] = [
  ...attempts.flat(),
  { from: QUEUE, to: DEAD_LETTERS, says: 'moved, with its attributes', tone: 'red' },
  { from: DEAD_LETTERS, to: OPERATOR, says: 'alarm: not empty', tone: 'red' },
  { from: OPERATOR, to: CONSUMER, says: 'repairs the cause', tone: 'green' },
  { from: OPERATOR, to: DEAD_LETTERS, says: 'starts the redrive', tone: 'green' },
  { from: DEAD_LETTERS, to: QUEUE, says: 'moved back', tone: 'green' },
  { from: QUEUE, to: CONSUMER, says: 'receive 1, handled', tone: 'green' },
];

/** A message that fails until it is set aside, and comes back when the cause is gone. */
export const deadLetterLoop = (): string =>
  sequence(
    `Dead letters: maxReceiveCount ${MAX_RECEIVE_COUNT}, then aside, then back`,
    [
      { name: QUEUE, tone: 'violet' },
      { name: CONSUMER, tone: 'amber' },
      { name: DEAD_LETTERS, tone: 'red' },
      { name: OPERATOR, tone: 'quiet' },
    ],
    STEPS,
  );
