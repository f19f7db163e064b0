import { describe, expect, it } from '@jest/globals';
import { LAB_TIMEOUT_MS, played, withProperties } from './play.ts';

describe('The lab of fan-out', () => {
  it('holds', async () => expect(await played('fan-out')).toEqual([]), LAB_TIMEOUT_MS);

  it(
    'fails when another subscriber no longer gets every event',
    async () => {
      const failures = await played('fan-out', {
        template: withProperties('AllOrdersSubscription', { FilterPolicy: { State: ['Placed'] } }),
      });

      expect(failures).toContainEqual(expect.stringContaining('No item-written activity came'));
    },
    LAB_TIMEOUT_MS,
  );
});
