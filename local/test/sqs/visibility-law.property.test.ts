import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ManualClock } from '../manual-clock.ts';
import { SENDER, SqsFixture } from './sqs-fixture.ts';

const tenant = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined });
const seconds = fc.integer({ min: 0, max: 20 });
const step = fc.oneof(
  fc.record({ do: fc.constant('send' as const), tenant, seconds }),
  fc.record({ do: fc.constant('receive' as const), count: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ do: fc.constant('delete' as const), which: fc.nat() }),
  fc.record({ do: fc.constant('hide' as const), which: fc.nat(), seconds }),
  fc.record({ do: fc.constant('wait' as const), seconds }),
);

const VISIBILITY_SECONDS = 10;

describe('the law of visibility', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
  });
  afterEach(() => sqs.stop());

  it('a message is received only while visible, and none is lost or doubled', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }),
        async (steps) => {
          const queue = await sqs.service.ensureQueue(`orders-${++run}`, {
            VisibilityTimeout: String(VISIBILITY_SECONDS),
          });
          /** When each message is visible, by its body. */
          const visibleAt = new Map<string, number>();
          const held = new Map<string, string>();
          const pick = (which: number): string | undefined =>
            [...held.keys()][which % Math.max(1, held.size)];

          const receive = async (maxMessages: number): Promise<void> => {
            const time = clock.now();
            const visible = [...visibleAt].filter(([, at]) => at <= time).map(([body]) => body);
            const received = await queue.receive({ maxMessages, waitSeconds: 0, by: 'test' });
            expect(received).toHaveLength(Math.min(maxMessages, visible.length));
            for (const { body, receiptHandle } of received) {
              expect(visible).toContain(body);
              expect(held.has(body)).toBe(false);
              visibleAt.set(body, time + VISIBILITY_SECONDS * 1000);
              held.set(body, receiptHandle);
            }
          };

          for (const [index, now] of steps.entries()) {
            const time = clock.now();
            for (const body of held.keys()) {
              if ((visibleAt.get(body) ?? 0) <= time) held.delete(body);
            }
            if (now.do === 'send') {
              visibleAt.set(String(index), time + now.seconds * 1000);
              await queue.send(
                { body: String(index), delaySeconds: now.seconds, messageGroupId: now.tenant },
                SENDER,
              );
            } else if (now.do === 'receive') {
              await receive(now.count);
            } else if (now.do === 'delete') {
              const body = pick(now.which);
              if (body === undefined) continue;
              await queue.delete(held.get(body) ?? '');
              held.delete(body);
              visibleAt.delete(body);
            } else if (now.do === 'hide') {
              const body = pick(now.which);
              if (body === undefined) continue;
              await queue.changeVisibility(held.get(body) ?? '', now.seconds);
              visibleAt.set(body, time + now.seconds * 1000);
            } else clock.advance(now.seconds * 1000);
          }

          clock.advance(60_000);
          const left: string[] = [];
          for (let found = 1; found > 0;) {
            const received = await queue.receive({ maxMessages: 10, waitSeconds: 0, by: 'test' });
            for (const message of received) await queue.delete(message.receiptHandle);
            left.push(...received.map(({ body }) => body));
            found = received.length;
          }
          expect(left.toSorted()).toEqual([...visibleAt.keys()].toSorted());
        },
      ),
      { numRuns: 150 },
    );
  });
});
