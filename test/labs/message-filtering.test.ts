import { describe, expect, it } from '@jest/globals';
import { LAB_TIMEOUT_MS, played, withProperties } from './play.ts';

describe('The lab of message filtering', () => {
  it('holds', async () => expect(await played('message-filtering')).toEqual([]), LAB_TIMEOUT_MS);

  it(
    'fails when a filter lets other messages through',
    async () => {
      const failures = await played('message-filtering', {
        template: withProperties('OtherSubscription', { FilterPolicy: { State: ['Placed'] } }),
      });

      expect(failures).toEqual([expect.stringContaining('State is Declined')]);
    },
    LAB_TIMEOUT_MS,
  );
});
