import { describe, expect, it } from '@jest/globals';
import { LAB_TIMEOUT_MS, played, withProperties } from './play.ts';

describe('The lab of the visibility timeout', () => {
  it('holds', async () => expect(await played('visibility-timeout')).toEqual([]), LAB_TIMEOUT_MS);

  it(
    'fails when the queue hides messages for longer than the job takes',
    async () => {
      const failures = await played('visibility-timeout', {
        template: withProperties('WorkQueue', { VisibilityTimeout: 30 }),
      });

      expect(failures).toContainEqual(expect.stringContaining('the same message'));
    },
    LAB_TIMEOUT_MS,
  );
});
