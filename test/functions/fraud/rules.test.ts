import { describe, expect, it } from '@jest/globals';

import {
  addressKeys,
  brokenRules,
  limits,
  ruleNames,
  type Screening,
} from '../../../functions/fraud/rules.ts';
import { pencilOrder } from '../support/sample-order.ts';

const policy = {
  ...limits,
  blockedCustomers: new Set(['customer-13']),
  blockedAddresses: addressKeys(['DE | 10115 | sample  street 13']),
};
const innocent: Screening = { order: pencilOrder(), ordersWithinWindow: 1, policy };
const order = pencilOrder();
const [line] = order.lines;
const withOrder = (changes: Partial<typeof order>): Screening => ({
  ...innocent,
  order: { ...order, ...changes },
});
const quantity = (pieces: number) =>
  withOrder({ lines: line ? [{ ...line, quantity: pieces }] : [] });
const total = (amount: number) => withOrder({ total: { amount, currency: 'EUR' } });
const address = (changes: object) => withOrder({ address: { ...order.address, ...changes } });

const cases: readonly (readonly [string, Screening, Screening])[] = [
  ['amount-over-limit', total(500_001), total(500_000)],
  ['quantity-over-limit', quantity(201), quantity(200)],
  [
    'too-many-orders',
    { ...innocent, ordersWithinWindow: 6 },
    { ...innocent, ordersWithinWindow: 5 },
  ],
  [
    'blocked-customer',
    withOrder({ customer: { ...order.customer, id: 'customer-13' } }),
    withOrder({ customer: { ...order.customer, id: 'customer-1' } }),
  ],
  [
    'blocked-address',
    address({ line1: 'Sample Street  13 ' }),
    address({ line1: 'Sample Street 14' }),
  ],
  [
    'country-address-mismatch',
    address({ postalCode: 'SW1A 1AA' }),
    address({ postalCode: 'sw1a 1aa', country: 'GB' }),
  ],
];

describe('the fraud rules', () => {
  it('are all tried here', () => {
    expect(cases.map(([name]) => name)).toEqual(ruleNames);
  });

  it.each(cases)('%s fires beyond its limit and not at it', (name, beyond, atLimit) => {
    expect(brokenRules(beyond).map(({ rule }) => rule)).toEqual([name]);
    expect(brokenRules(atLimit)).toEqual([]);
  });

  it('take any postal code in a country whose format is not known', () => {
    expect(brokenRules(address({ country: 'AQ', postalCode: 'none' }))).toEqual([]);
  });

  it('all fire together, with a reason each that tells nothing personal', () => {
    const broken = brokenRules({
      policy,
      ordersWithinWindow: 7,
      order: {
        ...order,
        customer: { ...order.customer, id: 'customer-13' },
        address: { ...order.address, postalCode: 'none' },
        lines: line ? [{ ...line, quantity: 900 }] : [],
        total: { amount: 1_000_000, currency: 'EUR' },
      },
    });

    expect(broken).toHaveLength(ruleNames.length - 1);
    expect(broken[0]?.reason).toBe('The total of €10,000.00 is over €5,000.00');
    expect(JSON.stringify(broken)).not.toMatch(/Ada|example\.com|Street/);
  });
});
