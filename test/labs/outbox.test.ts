import { describe, expect, it } from '@jest/globals';
import { LAB_TIMEOUT_MS, played, withProperties } from './play.ts';

describe('The lab of the outbox', () => {
  it('holds', async () => expect(await played('outbox')).toEqual([]), LAB_TIMEOUT_MS);

  it(
    'fails when the queue does not give the message again',
    async () => {
      const failures = await played('outbox', {
        template: withProperties('OrderQueue', { VisibilityTimeout: 60 }),
      });

      expect(failures).toContainEqual(
        expect.stringContaining('No message-published activity came'),
      );
    },
    LAB_TIMEOUT_MS,
  );
});
