import { describe, expect, it } from '@jest/globals';
import { LAB_TIMEOUT_MS, played, withProperties } from './play.ts';

describe('The lab of long polling', () => {
  it('holds', async () => expect(await played('long-polling')).toEqual([]), LAB_TIMEOUT_MS);

  it(
    'fails when the queue does not let a receive wait',
    async () => {
      const failures = await played('long-polling', {
        template: withProperties('OrderQueue', { ReceiveMessageWaitTimeSeconds: 0 }),
      });

      expect(failures).toContainEqual(expect.stringContaining('long polling needed one call'));
    },
    LAB_TIMEOUT_MS,
  );
});
