import { describe, expect, it } from '@jest/globals';
import { PACKAGING_TIMEOUT_MS } from '../template/packaged-template.ts';
import { mailed, placeOrder, runningService } from './running-service.ts';

const ORDERS = 200;

describe('Many orders at once', () => {
  it(
    'all come to their end, none lost and none doubled',
    async () => {
      // Prepare
      await using service = await runningService();
      const { system, shop } = service;
      const mails: string[] = [];
      system.activity.subscribe((happened) => {
        if (happened.type === 'email-sent') mails.push(happened.subjectLine);
      });

      // Act
      const indices = Array.from({ length: ORDERS }, (_, index) => index);
      const orderIds = await Promise.all(
        indices.map((index) =>
          placeOrder(shop, `customer-of-${index}`, index % 10 === 0 ? 250 : 4),
        ),
      );
      await Promise.all(orderIds.map((orderId) => mailed(system, orderId)));

      // Assess
      const expected = orderIds.map(
        (orderId, index) => `Order ${orderId}: ${index % 10 === 0 ? 'declined' : 'shipped'}`,
      );
      expect(mails.toSorted()).toEqual(expected.toSorted());
      expect(new Set(orderIds).size).toBe(ORDERS);
    },
    PACKAGING_TIMEOUT_MS,
  );
});
