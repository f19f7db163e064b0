import { describe, expect, it } from '@jest/globals';
import { LAB_TIMEOUT_MS, played } from './play.ts';

describe('The lab of the queue as a buffer', () => {
  it('holds', async () => expect(await played('buffer')).toEqual([]), LAB_TIMEOUT_MS);

  it(
    'fails when the consumer deletes what it has not written',
    async () => {
      const failures = await played('buffer', {
        code: (functionLogicalId, source) =>
          functionLogicalId.startsWith('RecordOrders')
            ? 'export const handler = async () => ({ batchItemFailures: [] });'
            : source,
      });

      expect(failures).toContainEqual(expect.stringContaining('every order is recorded'));
    },
    LAB_TIMEOUT_MS,
  );
});
