import { formatMoney } from '../../shared/order/money.ts';
import type { BrokenRule } from '../../shared/order/messages.ts';
import type { Address, Order } from '../../shared/order/order.ts';

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
  /** The most orders of the customer in any window that this one lies in, itself too. */
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

/** The part of an address that is compared; what is written differently can still be the same. */
export type ComparedAddress = Pick<Address, 'country' | 'postalCode' | 'line1'>;

/** `COUNTRY|POSTAL CODE|LINE 1`, in one case and with single blanks. */
export function addressKey({ country, postalCode, line1 }: ComparedAddress): string {
  return [country, postalCode, line1].map((part) => normalised(part)).join('|');
}

/** Reads addresses as they stand in the configuration, in the same form as a key. */
export function addressKeys(configured: readonly string[]): ReadonlySet<string> {
  return new Set(
    configured.map((entry) =>
      entry
        .split('|')
        .map((part) => normalised(part))
        .join('|'),
    ),
  );
}

function normalised(part: string): string {
  return part.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

/**
 * How postal codes look in the countries that most orders go to, from the addressing guides of the
 * Universal Postal Union: https://www.upu.int/en/postal-solutions/programmes-services/addressing-solutions
 */
const FORMATS: Readonly<Record<string, RegExp>> = {
  AT: /^\d{4}$/,
  AU: /^\d{4}$/,
  BE: /^\d{4}$/,
  BR: /^\d{5}-?\d{3}$/,
  CA: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/,
  CH: /^\d{4}$/,
  CZ: /^\d{3} ?\d{2}$/,
  DE: /^\d{5}$/,
  DK: /^\d{4}$/,
  ES: /^\d{5}$/,
  FI: /^\d{5}$/,
  FR: /^\d{5}$/,
  GB: /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/,
  IE: /^[A-Z]\d[\dW] ?[A-Z\d]{4}$/,
  IN: /^\d{3} ?\d{3}$/,
  IT: /^\d{5}$/,
  JP: /^\d{3}-?\d{4}$/,
  NL: /^\d{4} ?[A-Z]{2}$/,
  NO: /^\d{4}$/,
  PL: /^\d{2}-\d{3}$/,
  PT: /^\d{4}-\d{3}$/,
  SE: /^\d{3} ?\d{2}$/,
  US: /^\d{5}(-\d{4})?$/,
};

/** Whether a postal code can be one of the country; in a country without a known format, any can. */
export function fitsCountry(postalCode: string, country: string): boolean {
  return FORMATS[country]?.test(postalCode.toUpperCase()) ?? true;
}

/** A placed order as it is remembered: `<placedAt>#<orderId>`, so that one order counts once. */
export function placement(placedAt: string, orderId: string): string {
  return `${placedAt}#${orderId}`;
}

/** The window that a moment falls into, the one before and the one after. */
export function windowsAround(
  placedAt: string,
  windowMinutes: number,
): { readonly current: string; readonly neighbours: readonly string[] } {
  const length = windowMinutes * 60_000;
  const start = Math.floor(Date.parse(placedAt) / length) * length;
  return {
    current: new Date(start).toISOString(),
    neighbours: [start - length, start + length].map((time) => new Date(time).toISOString()),
  };
}

/**
 * The most placements in any window of that length which the moment lies in, among those known so
 * far. Orders are screened in any sequence, so those placed later count as well as those before:
 * of the orders of one window, the one that is recorded last knows all others. That is why no
 * window can hold more approved orders than the limit, and why the first that are
 * screened, up to the limit, are never declined for their number.
 */
export function mostWithinWindow(
  placements: Iterable<string>,
  placedAt: string,
  windowMinutes: number,
): number {
  const length = windowMinutes * 60_000;
  const moment = Date.parse(placedAt);
  const near = [...placements]
    .map((each) => Date.parse(each.slice(0, each.indexOf('#'))))
    .filter((at) => Math.abs(at - moment) < length);
  const ends = [moment, ...near.filter((at) => at > moment)];
  return Math.max(...ends.map((end) => near.filter((at) => at > end - length && at <= end).length));
}
