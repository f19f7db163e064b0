import { describe, expect, it } from '@jest/globals';
import { LAB_TIMEOUT_MS, played } from './play.ts';

describe('The lab of the order flow', () => {
  it('holds', async () => expect(await played('order-flow')).toEqual([]), LAB_TIMEOUT_MS);

  it(
    'fails when a verdict overrules a cancellation',
    async () => {
      const failures = await played('order-flow', {
        code: (functionLogicalId, source) =>
          functionLogicalId.startsWith('ApplyUpdates')
            ? source.replace(
                /ConditionExpression: ?`#state IN/,
                'ConditionExpression:`attribute_exists(orderId) OR #state IN',
              )
            : source,
      });

      expect(failures).toContainEqual(expect.stringContaining('it is Cancelled'));
    },
    LAB_TIMEOUT_MS,
  );
});
