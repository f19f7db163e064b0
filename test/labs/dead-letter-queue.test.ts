import { describe, expect, it } from '@jest/globals';
import { LAB_TIMEOUT_MS, played, withProperties } from './play.ts';

describe('The lab of the dead-letter queue', () => {
  it('holds', async () => expect(await played('dead-letter-queue')).toEqual([]), LAB_TIMEOUT_MS);

  it(
    'fails without the partial batch response: what failed is deleted and lost',
    async () => {
      const failures = await played('dead-letter-queue', {
        template: withProperties('RecordOrdersEventSourceMappingSQSOrderQueue', {
          FunctionResponseTypes: [],
        }),
      });

      expect(failures).toContainEqual(expect.stringContaining('four dead letters: not within'));
    },
    LAB_TIMEOUT_MS,
  );
});
