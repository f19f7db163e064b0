import { describe, expect, it } from '@jest/globals';
import { LAB_TIMEOUT_MS, played, withProperties } from './play.ts';

describe('The lab of the standard queue', () => {
  it('holds', async () => expect(await played('standard-queue')).toEqual([]), LAB_TIMEOUT_MS);

  it(
    'fails when a message that was not deleted does not come again',
    async () => {
      const failures = await played('standard-queue', {
        template: withProperties('OrderQueue', { VisibilityTimeout: 60 }),
      });

      expect(failures).toContainEqual(expect.stringContaining('the same message came again'));
    },
    LAB_TIMEOUT_MS,
  );
});
