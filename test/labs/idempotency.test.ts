import { describe, expect, it } from '@jest/globals';
import { LAB_TIMEOUT_MS, played } from './play.ts';

describe('The lab of idempotency', () => {
  it('holds', async () => expect(await played('idempotency')).toEqual([]), LAB_TIMEOUT_MS);

  it(
    'fails when a repeated write is not refused',
    async () => {
      const failures = await played('idempotency', {
        code: (functionLogicalId, source) =>
          functionLogicalId.startsWith('RecordOrders')
            ? source.replaceAll(
                'attribute_not_exists(orderId)',
                'attribute_exists(orderId) OR attribute_not_exists(orderId)',
              )
            : source,
      });

      expect(failures).toContainEqual(expect.stringContaining('the order was inserted once'));
    },
    LAB_TIMEOUT_MS,
  );
});
