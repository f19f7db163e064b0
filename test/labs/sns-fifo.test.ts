import { describe, expect, it } from '@jest/globals';
import { LAB_TIMEOUT_MS, played, withProperties } from './play.ts';

describe('The lab of SNS FIFO topics', () => {
  it('holds', async () => expect(await played('sns-fifo')).toEqual([]), LAB_TIMEOUT_MS);

  it(
    'fails when the topic takes the id of another account for a repetition',
    async () => {
      const failures = await played('sns-fifo', {
        template: withProperties('Entries', { FifoThroughputScope: 'Topic' }),
      });

      expect(failures).toContainEqual(expect.stringContaining('2 deliveries of "B paid in"'));
    },
    LAB_TIMEOUT_MS,
  );
});
