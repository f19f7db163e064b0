import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import {
  AmountTooLargeError,
  CurrencyMismatchError,
  formatMoney,
  sum,
  times,
} from '../../../shared/order/money.ts';

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const amounts = fc.array(fc.nat({ max: 10_000_000 }), { maxLength: 50 });

describe('sums of money', () => {
  it('do not depend on the order of what is added', () => {
    fc.assert(
      fc.property(amounts, (values) => {
        const forwards = sum(values.map(euros), 'EUR');
        expect(sum(values.toReversed().map(euros), 'EUR')).toEqual(forwards);
        expect(Number.isSafeInteger(forwards.amount)).toBe(true);
      }),
    );
  });

  it('agree with multiplication', () => {
    fc.assert(
      fc.property(fc.nat({ max: 100_000 }), fc.integer({ min: 1, max: 50 }), (price, quantity) => {
        const each = Array.from({ length: quantity }, () => euros(price));
        expect(sum(each, 'EUR')).toEqual(times(euros(price), quantity));
      }),
    );
  });

  it('refuse another currency, and what is no longer exact', () => {
    expect(() => sum([euros(1), { amount: 1, currency: 'USD' }], 'EUR')).toThrow(
      CurrencyMismatchError,
    );
    expect(() => times(euros(Number.MAX_SAFE_INTEGER), 2)).toThrow(AmountTooLargeError);
  });
});

describe('money for people to read', () => {
  it.each([
    [600, 'EUR', '€6.00'],
    [600, 'JPY', '¥600'],
    [1_234_567, 'USD', '$12,345.67'],
  ])('%i %s is %s', (amount, currency, text) => {
    expect(formatMoney({ amount, currency })).toBe(text);
  });
});
