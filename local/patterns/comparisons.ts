import { BlockList, isIP } from 'node:net';
import { PatternError } from './errors.ts';

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

/** A wildcard pattern cut at its asterisks: `*.txt` is `['', '.txt']`. */
export interface Wildcard {
  readonly segments: readonly string[];
  /** Its share of the policy's wildcard complexity. */
  readonly points: number;
}

const MOST_WILDCARDS = 3;

/**
 * Reads a pattern in which `*` stands for any characters; `\*` and `\\` are literal.
 *
 * @throws PatternError without a place, which the caller knows
 */
export function parseWildcard(pattern: string): Wildcard {
  const segments = [''];
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    const next = pattern[index + 1];
    if (character === '*') {
      if (next === '*') {
        throw new PatternError(
          `Consecutive wildcard characters at pos ${bytePosition(pattern, index)}`,
        );
      }
      segments.push('');
    } else if (character === '\\') {
      if (next !== '*' && next !== '\\') {
        throw new PatternError(`Invalid escape character at pos ${bytePosition(pattern, index)}`);
      }
      segments[segments.length - 1] += next;
      index++;
    } else {
      segments[segments.length - 1] += character;
    }
  }
  const wildcards = segments.length - 1;
  if (wildcards > MOST_WILDCARDS) {
    throw new PatternError(
      `Wildcard pattern can not have more than ${MOST_WILDCARDS} wildcard characters`,
    );
  }
  return { segments, points: wildcards > 1 ? 3 * wildcards : wildcards };
}

/** The position in the UTF-8 form of the quoted pattern, which is what SNS counts in. */
const bytePosition = (pattern: string, index: number): number =>
  1 + Buffer.byteLength(pattern.slice(0, index));

export function matchesWildcard({ segments }: Wildcard, text: string): boolean {
  const first = segments[0] ?? '';
  if (segments.length === 1) return text === first;
  const last = segments.at(-1) ?? '';
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  // The earliest place for each middle segment leaves most room for those after it.
  const end = text.length - last.length;
  let position = first.length;
  for (const segment of segments.slice(1, -1)) {
    const found = text.indexOf(segment, position);
    if (found === -1 || found + segment.length > end) return false;
    position = found + segment.length;
  }
  return true;
}

const FAMILIES = {
  4: { family: 'ipv4', bits: 32, label: 'IPv4' },
  6: { family: 'ipv6', bits: 128, label: 'IPv6' },
} as const;

/**
 * A test for IP addresses in a CIDR block such as `10.0.0.0/24`.
 *
 * @throws PatternError
 */
export function addressRange(cidr: string): (address: string) => boolean {
  const [address = '', mask, ...rest] = cidr.split('/');
  if (mask === undefined || mask === '' || rest.length > 0) {
    throw new PatternError("Malformed CIDR, one '/' required");
  }
  if (!/^[+-]?\d+$/.test(mask)) {
    throw new PatternError('Malformed CIDR, mask bits must be an integer');
  }
  const bits = Number(mask);
  if (bits < 0) throw new PatternError('Malformed CIDR, mask bits must not be negative');
  const version = isIP(address);
  if (version !== 4 && version !== 6) {
    throw new PatternError(`Nonstandard IP address: ${address}`);
  }
  const { family, bits: width, label } = FAMILIES[version];
  if (bits >= width) throw new PatternError(`${label} mask bits must be < ${width}`);
  const block = new BlockList();
  block.addSubnet(address, bits, family);
  return (candidate) => isIP(candidate) === version && block.check(candidate, family);
}
