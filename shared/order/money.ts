import * as z from 'zod/mini';

import { PermanentError } from '../errors.ts';

/** An amount in the minor unit of its currency: 600 EUR is six euros. Never a fraction. */
export const moneySchema = z.object({
  amount: z.int().check(z.gte(0)),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
});
export type Money = z.infer<typeof moneySchema>;

export class CurrencyMismatchError extends PermanentError {
  override readonly name = 'CurrencyMismatchError';
}

export class AmountTooLargeError extends PermanentError {
  override readonly name = 'AmountTooLargeError';
}

/** @throws AmountTooLargeError where the product can't be represented exactly */
export function times(price: Money, quantity: number): Money {
  return exact(price.amount * quantity, price.currency);
}

/**
 * @throws CurrencyMismatchError
 * @throws AmountTooLargeError where the sum can't be represented exactly
 */
export function sum(amounts: readonly Money[], currency: string): Money {
  let total = 0;
  for (const money of amounts) {
    if (money.currency !== currency) {
      throw new CurrencyMismatchError(`Can't add ${money.currency} to ${currency}`);
    }
    total = exact(total + money.amount, currency).amount;
  }
  return { amount: total, currency };
}

/** For people to read, such as `€6.00`; the number of decimals is the currency's own. */
export function formatMoney({ amount, currency }: Money): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 0;
  return format.format(amount / 10 ** decimals);
}

function exact(amount: number, currency: string): Money {
  if (!Number.isSafeInteger(amount)) {
    throw new AmountTooLargeError(`An amount of ${amount} ${currency} is not exact`);
  }
  return { amount, currency };
}
