import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { consumeBatch } from '../../../shared/messaging/partial-batch.ts';
import { fifoRecord, sqsRecord } from '../../functions/support/sample-record.ts';

const idsOf = (records: Iterable<SQSRecord>) => [...records].map(({ messageId }) => messageId);
const received = (times: number) => (id: string) => sqsRecord(id, {}, { receiveCount: times });

/** Consumes a batch and writes down what happens, in its order. */
async function consume(records: readonly SQSRecord[], failing: readonly string[] = []) {
  const happened: string[] = [];
  const note = (what: string) => async (concerned: readonly SQSRecord[]) => {
    if (concerned.length > 0) happened.push(`${what} ${idsOf(concerned).join(' ')}`);
  };
  const returned = await consumeBatch(
    records,
    async (together) => {
      await note('work')(together);
      return new Set(together.filter(({ messageId }) => failing.includes(messageId)));
    },
    { remove: note('remove'), spread: note('spread') },
  );
  return { happened, returned: idsOf(returned) };
}

describe('a batch in which all messages come for the first time', () => {
  it('is worked together, without a precaution', async () => {
    const { happened } = await consume(['a', 'b', 'c'].map(received(1)));

    expect(happened).toEqual(['work a b c']);
  });

  it('spreads the followers of a message that failed', async () => {
    const { happened, returned } = await consume(
      [fifoRecord('a1', 'a', {}), fifoRecord('a2', 'a', {}), fifoRecord('b1', 'b', {})],
      ['a1'],
    );

    expect(happened).toEqual(['work a1 b1', 'spread a2']);
    expect(returned).toEqual(['a1', 'a2']);
  });
});

describe('a batch with suspects', () => {
  it('works a single one as it comes, without a precaution', async () => {
    expect((await consume([received(2)('a')])).happened).toEqual(['work a']);
  });

  it('clears the queue of what is processed before each suspect', async () => {
    const records = [received(2)('s1'), received(1)('f1'), received(2)('s2'), received(1)('f2')];

    const { happened } = await consume(records, ['f2']);

    expect(happened).toEqual([
      'work f1 f2',
      'spread s2',
      'remove f1',
      'work s1',
      'remove s1',
      'work s2',
    ]);
  });

  it('works those last that were received most', async () => {
    const { happened } = await consume([received(4)('s4'), received(2)('s2'), received(3)('s3')]);

    expect(happened.filter((each) => each.startsWith('work'))).toEqual([
      'work s2',
      'work s3',
      'work s4',
    ]);
  });

  it('works a FIFO group behind a suspect in its order, and not past a failure', async () => {
    const records = [
      fifoRecord('a1', 'a', {}, 3),
      fifoRecord('a2', 'a', {}, 1),
      fifoRecord('b1', 'b', {}, 2),
      fifoRecord('b2', 'b', {}, 2),
    ];

    const { happened, returned } = await consume(records, ['a1']);

    expect(happened).toEqual([
      'spread b2 a1 a2',
      'work b1',
      'remove b1',
      'work b2',
      'remove b2',
      'work a1',
    ]);
    expect(returned).toEqual(['a1', 'a2']);
  });
});

describe('whatever is in a batch, when the function ends at a suspect', () => {
  it('nothing that was processed is left in the queue, and nothing that waits comes with it', async () => {
    const counts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(counts, fc.nat(), async (receiveCounts, chosen) => {
        const records = receiveCounts.map((times, place) => received(times)(String(place)));
        const suspects = records.filter((_, place) => (receiveCounts[place] ?? 0) > 1);
        const killer = suspects[chosen % Math.max(1, suspects.length)];
        if (!killer) return;

        const { happened } = await consume(records);

        const until = happened.slice(0, happened.indexOf(`work ${killer.messageId}`));
        const ids = (what: string) =>
          until.filter((each) => each.startsWith(what)).flatMap((each) => each.split(' ').slice(1));
        const worked = ids('work');
        const waiting = idsOf(records).filter(
          (id) => id !== killer.messageId && !worked.includes(id),
        );
        expect(ids('remove').toSorted()).toEqual(worked.toSorted());
        expect(ids('spread')).toEqual(expect.arrayContaining(waiting));
      }),
    );
  });
});
