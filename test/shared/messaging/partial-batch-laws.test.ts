import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import * as z from 'zod/mini';

import { DELIVERED, undelivered } from '../../../shared/messaging/sending.ts';
import { queueFunction } from '../../../shared/middleware/queue-function.ts';
import { acceptingSqs } from '../../functions/support/accepting-messaging.ts';
import { type CapturedOutput, captureOutput } from '../../functions/support/captured-output.ts';
import { invoke } from '../../functions/support/invoke.ts';
import { fifoRecord, sqsRecord } from '../../functions/support/sample-record.ts';

type Fate = 'delivered' | 'settled' | 'work fails' | 'delivery fails';
interface Message {
  readonly group: string;
  readonly fate: Fate;
}

const messages = fc.array(
  fc.record<Message>({
    group: fc.constantFrom('a', 'b', 'c'),
    fate: fc.constantFrom('delivered', 'settled', 'work fails', 'delivery fails'),
  }),
  { maxLength: 12 },
);

const failing = (fate: Fate) => fate === 'work fails' || fate === 'delivery fails';

const messageSchema = z.object({
  place: z.number(),
  fate: z.enum(['delivered', 'settled', 'work fails', 'delivery fails']),
});

async function consume(batch: readonly Message[], fifo: boolean) {
  const worked: number[] = [];
  const handler = queueFunction(() => undefined, {
    schema: messageSchema,
    work: async ({ place, fate }) => {
      worked.push(place);
      if (fate === 'work fails') throw new Error('work failed');
      return fate === 'settled' ? undefined : fate;
    },
    deliver: async (fates) =>
      fates.map((fate) =>
        fate === 'delivery fails' ? undelivered(new Error('refused')) : DELIVERED,
      ),
  });
  const records = batch.map(({ group, fate }, place) => {
    const body = { place, fate };
    return fifo
      ? fifoRecord(String(place), group, body)
      : sqsRecord(String(place), body, { group });
  });
  const { batchItemFailures } = await invoke(handler, { Records: records });
  const returned = batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier));
  return { worked, returned: returned.sort((one, other) => one - other) };
}

let output: CapturedOutput;
beforeEach(() => {
  output = captureOutput();
  const sqs = acceptingSqs();
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { VisibilityTimeout: '60' } });
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({});
});
afterEach(() => output.restore());

describe('a partial batch of a FIFO queue', () => {
  it('returns of each group the first failure and all behind it, and works on none of those', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (batch) => {
        const { worked, returned } = await consume(batch, true);

        for (const group of ['a', 'b', 'c']) {
          const places = batch.flatMap((message, place) =>
            message.group === group ? [place] : [],
          );
          const first = places.findIndex((place) => failing(batch[place]?.fate ?? 'settled'));
          const suffix = first === -1 ? [] : places.slice(first);
          expect(returned.filter((place) => places.includes(place))).toEqual(suffix);
          const untouched = suffix.slice(1);
          expect(worked.filter((place) => untouched.includes(place))).toEqual([]);
        }
      }),
    );
  });

  it('works on the messages of a group in their order', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (batch) => {
        const { worked } = await consume(batch, true);

        for (const group of ['a', 'b', 'c']) {
          const places = worked.filter((place) => batch[place]?.group === group);
          expect(places).toEqual(places.toSorted((one, other) => one - other));
        }
      }),
    );
  });
});

describe('a partial batch of a standard queue', () => {
  it('returns exactly what failed, whatever group a message names', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (batch) => {
        const { returned } = await consume(batch, false);

        const expected = batch.flatMap(({ fate }, place) => (failing(fate) ? [place] : []));
        expect(returned).toEqual(expected);
      }),
    );
  });
});

describe('a delivery that goes wrong as a whole', () => {
  it.each([
    ['throws', () => Promise.reject(new Error('network'))],
    ['says too little', () => Promise.resolve([])],
  ])('returns every message when it %s', async (_name, deliver) => {
    const handler = queueFunction(() => undefined, {
      schema: z.object({}),
      work: () => Promise.resolve('output'),
      deliver,
    });

    const { batchItemFailures } = await invoke(handler, {
      Records: [sqsRecord('one', {}), sqsRecord('two', {})],
    });

    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['one', 'two']);
    expect(output.counts().TransientFailures ?? output.counts().PermanentFailures).toBe(2);
  });
});
