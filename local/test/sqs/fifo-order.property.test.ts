import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { ReceivedMessage } from '../../sqs/queue.ts';
import { ManualClock } from '../manual-clock.ts';
import { SENDER, SqsFixture } from './sqs-fixture.ts';

const step = fc.oneof(
  fc.record({ do: fc.constant('send' as const), group: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ do: fc.constant('receive' as const), count: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ do: fc.constant('delete' as const), which: fc.nat() }),
  fc.record({ do: fc.constant('give back' as const), which: fc.nat() }),
  fc.record({ do: fc.constant('let time out' as const) }),
);

const VISIBILITY_MS = 30_000;

const groupOf = ({ systemAttributes }: ReceivedMessage): string =>
  systemAttributes['MessageGroupId'] ?? '';

describe('the order within a group', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
  });
  afterEach(() => sqs.stop());

  it('holds under any interleaving of sends, receives, failures and deletes', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }),
        async (steps) => {
          const queue = await sqs.service.ensureQueue(`orders-${++run}.fifo`, {
            FifoQueue: 'true',
          });
          const present: Record<string, number[]> = { a: [], b: [], c: [] };
          let held: ReceivedMessage[] = [];
          let sent = 0;
          const pick = (which: number): ReceivedMessage | undefined =>
            held.splice(which % Math.max(1, held.length), 1)[0];

          const receive = async (maxMessages: number): Promise<ReceivedMessage[]> => {
            const received = await queue.receive({ maxMessages, waitSeconds: 0, by: 'test' });
            for (const group of ['a', 'b', 'c']) {
              const bodies = received
                .filter((one) => groupOf(one) === group)
                .map(({ body }) => body);
              // The first messages of the group, in order, and none from the first in flight on.
              const all = (present[group] ?? []).map(String);
              const inFlight = new Set(held.map(({ body }) => body));
              const lock = all.findIndex((body) => inFlight.has(body));
              const free = lock === -1 ? all : all.slice(0, lock);
              const filled = received.length === maxMessages;
              expect(bodies).toEqual(filled ? free.slice(0, bodies.length) : free);
            }
            return received;
          };

          for (const now of steps) {
            if (now.do === 'send') {
              const number = ++sent;
              present[now.group]?.push(number);
              await queue.send(
                {
                  body: String(number),
                  messageGroupId: now.group,
                  messageDeduplicationId: String(number),
                },
                SENDER,
              );
            } else if (now.do === 'receive') held.push(...(await receive(now.count)));
            else if (now.do === 'delete') {
              const message = pick(now.which);
              if (!message) continue;
              await queue.delete(message.receiptHandle);
              const group = groupOf(message);
              present[group] = (present[group] ?? []).filter((one) => String(one) !== message.body);
            } else if (now.do === 'give back') {
              const message = pick(now.which);
              if (message) await queue.changeVisibility(message.receiptHandle, 0);
            } else {
              clock.advance(VISIBILITY_MS);
              held = [];
            }
          }

          // Every message that was not deleted is still there, once, in order.
          clock.advance(VISIBILITY_MS);
          held = [];
          for (;;) {
            const received = await receive(10);
            if (received.length === 0) break;
            for (const message of received) {
              await queue.delete(message.receiptHandle);
              present[groupOf(message)]?.shift();
            }
          }
          expect(present).toEqual({ a: [], b: [], c: [] });
        },
      ),
      { numRuns: 150 },
    );
  });
});
