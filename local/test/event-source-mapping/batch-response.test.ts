import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { failedIdsOf } from '../../event-source-mapping/sqs/sqs-event.ts';
import { EventSource, Verbatim } from './event-source.ts';

const batch = ['a', 'b', 'c'];

describe('a batch response', () => {
  it.each([
    ['null', 'null'],
    ['an empty text', '""'],
    ['an empty list', '[]'],
    ['an empty object', '{}'],
    ['no failures', '{"batchItemFailures":[]}'],
    ['failures that are null', '{"batchItemFailures":null}'],
    ['other keys', '{"ok":true}'],
  ])('of %s is a success', (_what, payload) => {
    expect(failedIdsOf(payload, batch)).toEqual(new Set());
  });

  it.each([
    ['an empty id', '{"batchItemFailures":[{"itemIdentifier":""}]}'],
    ['a null id', '{"batchItemFailures":[{"itemIdentifier":null}]}'],
    ['an id that is no text', '{"batchItemFailures":[{"itemIdentifier":123}]}'],
    ['a wrong key', '{"batchItemFailures":[{"foo":"a"}]}'],
    ['an id that is not in the batch', '{"batchItemFailures":[{"itemIdentifier":"z"}]}'],
    [
      'an id of the batch and one that is not',
      '{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"z"}]}',
    ],
    ['failures that are no list', '{"batchItemFailures":"a"}'],
    ['a text', '"done"'],
    ['a number', '1'],
    ['a list', '[{"itemIdentifier":"a"}]'],
  ])('with %s fails the whole batch', (_what, payload) => {
    expect(failedIdsOf(payload, batch)).toEqual(new Set(batch));
  });

  it('fails the messages it names', () => {
    const payload = JSON.stringify({
      batchItemFailures: [
        { itemIdentifier: 'c' },
        { itemIdentifier: 'a' },
        { itemIdentifier: 'c' },
      ],
    });

    expect(failedIdsOf(payload, batch)).toEqual(new Set(['a', 'c']));
  });
});

describe('whatever a function answers', () => {
  /** An answer as JSON text, given the ids of its batch. */
  const answers: fc.Arbitrary<(ids: string[]) => string> = fc.oneof(
    fc.json().map((text) => () => text),
    fc.array(fc.oneof(fc.nat(9), fc.constantFrom('', 'unknown', null))).map(
      (picks) => (ids: string[]) =>
        JSON.stringify({
          batchItemFailures: picks.map((pick) => ({
            itemIdentifier: typeof pick === 'number' ? ids[pick % ids.length] : pick,
          })),
        }),
    ),
    fc.constant(() => 'throw'),
  );

  it('every message is either deleted or comes again, never both and never neither', async () => {
    await fc.assert(
      fc.asyncProperty(
        answers,
        fc.integer({ min: 1, max: 10 }),
        fc.boolean(),
        async (answer, count, fifo) => {
          const source = new EventSource((records) => {
            if (source.batches.length > 1) return null;
            const payload = answer(records.map(({ messageId }) => messageId));
            if (payload === 'throw') throw new Error('as asked');
            return new Verbatim(payload);
          });
          const queue = await source.queue(fifo ? 'orders.fifo' : 'orders');
          await source.map(queue, { functionResponseTypes: ['ReportBatchItemFailures'] });
          const ids = await source.send(
            queue,
            Array.from({ length: count }, (_, index) => ({
              body: `${index}`,
              ...(fifo ? { messageGroupId: 'one', messageDeduplicationId: `${index}` } : {}),
            })),
          );
          await source.answered();
          const deleted = source.deletedIds();
          source.clock.advance(30_000);
          await source.quiet();
          const again = source.batches
            .slice(1)
            .flatMap((records) => records.map(({ messageId }) => messageId));

          expect([...deleted, ...again].toSorted()).toEqual(ids.toSorted());
          expect(source.errors).toEqual([]);
          await source.close();
        },
      ),
      { numRuns: 100 },
    );
  });
});
