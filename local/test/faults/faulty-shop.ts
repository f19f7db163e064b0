import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { System } from '../../system/start-system.ts';
import { Shop, SHOP } from '../system/shop-system.ts';

/** The shop, whose messages come back after a second. */
const IMPATIENT = {
  ...SHOP,
  Resources: {
    ...SHOP.Resources,
    Orders: {
      ...SHOP.Resources.Orders,
      Properties: { ...SHOP.Resources.Orders.Properties, VisibilityTimeout: 1 },
    },
    RecordOrders: {
      ...SHOP.Resources.RecordOrders,
      Properties: { ...SHOP.Resources.RecordOrders.Properties, Timeout: 1 },
    },
  },
};

/** A shop to break, and how to place an order in it. */
export async function faultyShop(shop: Shop): Promise<{
  system: System;
  sqs: ReturnType<Shop['clients']>['sqs'];
  dynamodb: ReturnType<Shop['clients']>['dynamodb'];
  place: (order: string) => Promise<void>;
  /** Resolves when the order stands in the table, counted from 1. */
  written: (order: string, count?: number) => Promise<void>;
}> {
  const system = await shop.start({ template: IMPATIENT });
  const { sqs, dynamodb } = shop.clients(system);
  return {
    system,
    sqs,
    dynamodb,
    place: async (order) => {
      const QueueUrl = system.outputs['OrdersUrl'] ?? '';
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: order }));
    },
    written: async (order, count = 1) => {
      let seen = 0;
      await system.activity.waitFor('item-written', ({ key }) => key === order && ++seen === count);
    },
  };
}

/** The types of the activities of one kind of fault. */
export const strikesIn = (system: System): string[] =>
  system.activity.since().flatMap((each) => (each.type === 'fault-struck' ? [each.what] : []));
