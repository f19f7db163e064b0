import { describe, expect, it } from '@jest/globals';
import { LAB_TIMEOUT_MS, played } from './play.ts';

describe('The lab of the FIFO queue', () => {
  it('holds', async () => expect(await played('fifo-queue')).toEqual([]), LAB_TIMEOUT_MS);

  it(
    'fails when entries overtake the one that failed',
    async () => {
      const failures = await played('fifo-queue', {
        code: (_function, source) =>
          source.replace('new Set', 'new (class { add() {} has() { return false; } })'),
      });

      expect(failures).toContainEqual(expect.stringContaining('A 1 and the whole of B'));
    },
    LAB_TIMEOUT_MS,
  );
});
