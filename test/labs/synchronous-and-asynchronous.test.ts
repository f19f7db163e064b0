import { describe, expect, it } from '@jest/globals';
import { LAB_TIMEOUT_MS, played } from './play.ts';

describe('The lab of synchronous against asynchronous', () => {
  it(
    'holds',
    async () => expect(await played('synchronous-and-asynchronous')).toEqual([]),
    LAB_TIMEOUT_MS,
  );

  it(
    'fails when the consumer deletes what it has not written',
    async () => {
      const failures = await played('synchronous-and-asynchronous', {
        code: (functionLogicalId, source) =>
          functionLogicalId.startsWith('RecordOrder')
            ? 'export const recordOrder = async () => undefined;'
            : source,
      });

      expect(failures).toContainEqual(expect.stringContaining('40 stored orders'));
    },
    LAB_TIMEOUT_MS,
  );
});
