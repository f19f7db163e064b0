import * as z from 'zod';
import type { Collection, Storage } from '../storage/storage.ts';
import { bareAddress, domainOf } from './email-address.ts';

const identitySchema = z.object({ name: z.string() });

/** The addresses and domains that mail may be sent from. Here each is verified at once. */
export class EmailIdentities {
  readonly #stored: Collection<z.infer<typeof identitySchema>>;
  readonly #names = new Set<string>();

  constructor(storage: Storage) {
    this.#stored = storage.collection('ses-identities', (json) => identitySchema.parse(json));
    for (const { value } of this.#stored.load()) this.#names.add(value.name);
  }

  names(): string[] {
    return [...this.#names];
  }

  has(name: string): boolean {
    return this.#names.has(name.toLowerCase());
  }

  /** Adds an address or a domain; case does not matter. */
  add(name: string): void {
    const lower = name.toLowerCase();
    this.#names.add(lower);
    this.#stored.put(lower, { name: lower });
  }

  /**
   * True when SES would send for this mailbox: its address, its domain or a parent of its domain is
   * an identity. While there is no identity at all, every sender is taken.
   */
  admits(mailbox: string): boolean {
    if (this.#names.size === 0) return true;
    const labels = domainOf(mailbox).split('.');
    const domains = labels.map((_, index) => labels.slice(index).join('.'));
    return [bareAddress(mailbox).toLowerCase(), ...domains].some((name) => this.#names.has(name));
  }
}
