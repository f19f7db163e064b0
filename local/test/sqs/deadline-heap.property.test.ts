import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DeadlineHeap } from '../../sqs/model/deadline-heap.ts';

describe('the heap of deadlines', () => {
  it('gives what is due in order, after any changes and removals', () => {
    const change = fc.record({
      item: fc.nat(19),
      dueAt: fc.option(fc.nat(100), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(change), fc.nat(100), (changes, now) => {
        const heap = new DeadlineHeap<{ dueAt: number; heapIndex: number }>();
        const items = Array.from({ length: 20 }, () => ({ dueAt: 0, heapIndex: -1 }));
        for (const { item: index, dueAt } of changes) {
          const item = items[index];
          if (!item) continue;
          if (dueAt === undefined) heap.remove(item);
          else {
            item.dueAt = dueAt;
            heap.set(item);
          }
        }
        const expected = items
          .filter(({ heapIndex, dueAt }) => heapIndex >= 0 && dueAt <= now)
          .map(({ dueAt }) => dueAt)
          .toSorted((left, right) => left - right);

        const due: number[] = [];
        for (let item = heap.takeDue(now); item; item = heap.takeDue(now)) due.push(item.dueAt);

        expect(due).toEqual(expected);
        expect(heap.earliest?.dueAt ?? 101).toBeGreaterThan(now);
      }),
    );
  });
});
