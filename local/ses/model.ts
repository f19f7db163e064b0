import * as z from 'zod';
import type { Collection, Storage } from '../storage/storage.ts';

export const emailSchema = z.object({
  messageId: z.string(),
  /** Milliseconds since the epoch. */
  sentAt: z.number(),
  from: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()),
  bcc: z.array(z.string()),
  replyTo: z.array(z.string()),
  subject: z.string(),
  html: z.string().optional(),
  text: z.string().optional(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Tags of the message, by which the page of sent mails groups. */
  tags: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  /** The whole message when it was sent raw (RFC 5322). */
  raw: z.string().optional(),
});

/** A sent e-mail as it is kept and shown. */
export type Email = z.infer<typeof emailSchema>;

const CONTROL_OR_SPACE = /[\p{Cc}\s]/u;
const DOMAIN_LABEL = /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/;

/** `ada@example.com` of `Ada Lovelace <ada@example.com>`. */
export function bareAddress(mailbox: string): string {
  const bracketed = /<([^<>]*)>\s*$/.exec(mailbox);
  return (bracketed?.[1] ?? mailbox).trim();
}

/**
 * What is wrong with a mailbox, or undefined when SES would take it. Only the form is looked at:
 * RFC 5321 without quoted local parts, ASCII domains.
 */
export function addressProblem(mailbox: string): string | undefined {
  const address = bareAddress(mailbox);
  const at = address.lastIndexOf('@');
  if (at === -1) return "Missing final '@domain'";
  const local = address.slice(0, at);
  const labels = address.slice(at + 1).split('.');
  if (local === '') return 'Missing local name';
  if (local.length > 64) return 'Local name is longer than 64 characters';
  if (CONTROL_OR_SPACE.test(local) || local.includes('@')) {
    return 'Local address contains control or whitespace';
  }
  if (labels.includes('')) return 'Domain contains dot-dot or is empty';
  if (labels.length < 2) return 'Domain has no dot';
  if (!labels.every((label) => label.length <= 63 && DOMAIN_LABEL.test(label))) {
    return 'Domain contains illegal character';
  }
  return undefined;
}

/** The domain of an address, in lower case. */
export const domainOf = (mailbox: string): string =>
  bareAddress(mailbox).split('@').at(-1)?.toLowerCase() ?? '';

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
