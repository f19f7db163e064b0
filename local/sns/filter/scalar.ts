/** A value that a pattern is compared with. */
export type Scalar = string | number | boolean | null;

/** The largest magnitude that takes part in numeric matching. */
const LARGEST = 1e9;
/** Numeric matching is accurate to five digits after the decimal point. */
const DIGITS = 1e5;

/**
 * The number in units of the fifth decimal, or undefined beyond ±10⁹, where numeric matching ends.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
export function comparable(number: number): number | undefined {
  return Math.abs(number) <= LARGEST ? Math.round(number * DIGITS) : undefined;
}

/** Equality of a policy's value and a message's value: types must agree, numbers by amount. */
export function sameScalar(left: Scalar, right: Scalar): boolean {
  if (typeof left !== 'number' || typeof right !== 'number') return left === right;
  const amount = comparable(left);
  return amount === undefined ? left === right : amount === comparable(right);
}
