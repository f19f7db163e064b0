import { FilterPolicyError } from './filter-policy-error.ts';

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
 * @throws FilterPolicyError without a place, which the caller knows
 */
export function parseWildcard(pattern: string): Wildcard {
  const segments = [''];
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    const next = pattern[index + 1];
    if (character === '*') {
      if (next === '*') {
        throw new FilterPolicyError(
          `Consecutive wildcard characters at pos ${bytePosition(pattern, index)}`,
        );
      }
      segments.push('');
    } else if (character === '\\') {
      if (next !== '*' && next !== '\\') {
        throw new FilterPolicyError(
          `Invalid escape character at pos ${bytePosition(pattern, index)}`,
        );
      }
      segments[segments.length - 1] += next;
      index++;
    } else {
      segments[segments.length - 1] += character;
    }
  }
  const wildcards = segments.length - 1;
  if (wildcards > MOST_WILDCARDS) {
    throw new FilterPolicyError(
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
