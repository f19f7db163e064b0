import { formatMoney } from '../../shared/order/money.ts';
import type { BrokenRule } from '../../shared/order/outcome.ts';
import type { Order } from '../../shared/order/order.ts';
import { addressKey } from './blocked-address.ts';
import { fitsCountry } from './postal-codes.ts';

/** What the rules are measured against. */
export interface FraudPolicy {
  /** In the minor unit of the order's currency. */
  readonly maximumAmount: number;
  /** Pieces, over all lines. */
  readonly maximumQuantity: number;
  /** Orders of one customer within `windowMinutes`. */
  readonly maximumOrders: number;
  readonly windowMinutes: number;
  readonly blockedCustomers: ReadonlySet<string>;
  /** In the form that `addressKey` gives. */
  readonly blockedAddresses: ReadonlySet<string>;
}

export const limits = {
  maximumAmount: 500_000,
  maximumQuantity: 200,
  maximumOrders: 5,
  windowMinutes: 10,
};

export interface Screening {
  readonly order: Order;
  /** How many orders the customer has placed within the window that ends with this one, itself too. */
  readonly ordersWithinWindow: number;
  readonly policy: FraudPolicy;
}

/** A rule has a name, and a reason to give when it fires. Reasons name no person and no place. */
interface Rule {
  readonly name: string;
  readonly fires: (screening: Screening) => boolean;
  readonly reason: (screening: Screening) => string;
}

const rules: readonly Rule[] = [
  {
    name: 'amount-over-limit',
    fires: ({ order, policy }) => order.total.amount > policy.maximumAmount,
    reason: ({ order, policy }) => {
      const limit = { amount: policy.maximumAmount, currency: order.total.currency };
      return `The total of ${formatMoney(order.total)} is over ${formatMoney(limit)}`;
    },
  },
  {
    name: 'quantity-over-limit',
    fires: ({ order, policy }) => pieces(order) > policy.maximumQuantity,
    reason: ({ order, policy }) =>
      `${pieces(order)} pieces are more than ${policy.maximumQuantity}`,
  },
  {
    name: 'too-many-orders',
    fires: ({ ordersWithinWindow, policy }) => ordersWithinWindow > policy.maximumOrders,
    reason: ({ policy }) =>
      `More than ${policy.maximumOrders} orders within ${policy.windowMinutes} minutes`,
  },
  {
    name: 'blocked-customer',
    fires: ({ order, policy }) => policy.blockedCustomers.has(order.customer.id),
    reason: () => 'The customer is blocked',
  },
  {
    name: 'blocked-address',
    fires: ({ order, policy }) => policy.blockedAddresses.has(addressKey(order.address)),
    reason: () => 'The address is blocked',
  },
  {
    name: 'country-address-mismatch',
    fires: ({ order }) => !fitsCountry(order.address.postalCode, order.address.country),
    reason: ({ order }) => `The postal code is none of ${order.address.country}`,
  },
];

export const ruleNames: readonly string[] = rules.map(({ name }) => name);

/** Every rule that fires, and not only the first: the fraud desk decides on the whole picture. */
export function brokenRules(screening: Screening): readonly BrokenRule[] {
  return rules
    .filter(({ fires }) => fires(screening))
    .map(({ name, reason }) => ({ rule: name, reason: reason(screening) }));
}

function pieces({ lines }: Order): number {
  return lines.reduce((total, { quantity }) => total + quantity, 0);
}
