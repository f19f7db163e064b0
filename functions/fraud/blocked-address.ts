import type { Address } from '../../shared/order/order.ts';

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
