import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { ReceivedMessage } from '../../sqs/queue.ts';
import { ManualClock } from '../manual-clock.ts';
import { SENDER, SqsFixture } from './sqs-fixture.ts';

const count = fc.integer({ min: 1, max: 45 });
const step = fc.oneof(
  fc.record({
    do: fc.constant('send' as const),
    tenant: fc.constantFrom('a', 'b', 'c', undefined),
    count,
  }),
  fc.record({ do: fc.constant('receive' as const), count }),
  fc.record({ do: fc.constant('delete' as const), count }),
  fc.record({ do: fc.constant('give back' as const), count }),
);

interface Waiting {
  body: string;
  tenant: string;
}

/** What the queue should do: a list of the waiting messages and one of those in flight. */
class Model {
  waiting: Waiting[] = [];
  inFlight: (Waiting & { message: ReceivedMessage })[] = [];

  /** What may be served next: one message, or the first of each of the equally noisy tenants. */
  next(): Waiting[] {
    const quiet = this.waiting.find(({ tenant }) => !this.#isNoisy(tenant));
    if (quiet) return [quiet];
    const first = [...Map.groupBy(this.waiting, ({ tenant }) => tenant).values()].flatMap(
      ([message]) => message ?? [],
    );
    const fewest = Math.min(...first.map(({ tenant }) => this.#inFlightOf(tenant)));
    return first.filter(({ tenant }) => this.#inFlightOf(tenant) === fewest);
  }

  #inFlightOf(tenant: string): number {
    return this.inFlight.filter((one) => one.tenant === tenant).length;
  }

  #isNoisy(tenant: string): boolean {
    const own = this.#inFlightOf(tenant);
    return own >= 30 && own / this.inFlight.length > 0.1;
  }
}

describe('a fair queue', () => {
  let sqs: SqsFixture;
  beforeEach(async () => {
    sqs = await SqsFixture.start({ clock: new ManualClock() });
  });
  afterEach(() => sqs.stop());

  it('serves quiet tenants in order, then the least noisy, and loses nothing', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 25, size: 'max' }),
        async (steps) => {
          const queue = await sqs.service.ensureQueue(`orders-${++run}`, {});
          const model = new Model();
          let sent = 0;

          const receive = async (): Promise<void> => {
            const candidates = model.next();
            const [message] = await queue.receive({ maxMessages: 1, waitSeconds: 0, by: 'test' });
            const served = candidates.find(({ body }) => body === message?.body);
            expect(served === undefined).toBe(candidates.length === 0);
            if (!message || !served) return;
            model.waiting.splice(model.waiting.indexOf(served), 1);
            model.inFlight.push({ ...served, message });
          };

          for (const now of steps) {
            for (let time = 0; time < now.count; time++) {
              if (now.do === 'send') {
                const body = String(++sent);
                await queue.send({ body, messageGroupId: now.tenant }, SENDER);
                model.waiting.push({ body, tenant: now.tenant ?? `nobody ${body}` });
              } else if (now.do === 'receive') await receive();
              else {
                const held = model.inFlight.shift();
                if (!held) break;
                const { message, ...waiting } = held;
                if (now.do === 'delete') await queue.delete(message.receiptHandle);
                else {
                  await queue.changeVisibility(message.receiptHandle, 0);
                  // Before everything that was sent after it.
                  const after = model.waiting.findIndex(
                    ({ body }) => Number(body) > Number(waiting.body),
                  );
                  model.waiting.splice(after === -1 ? model.waiting.length : after, 0, waiting);
                }
              }
            }
          }
          while (model.waiting.length > 0) await receive();
          expect(await queue.receive({ maxMessages: 1, waitSeconds: 0, by: 'test' })).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
