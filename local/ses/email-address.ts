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
