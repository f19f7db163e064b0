import type { Email } from './email.ts';

/** What is read of a raw message's header (RFC 5322, section 2.2); its body is kept as it came. */
export interface RawHeader {
  from: string | undefined;
  to: string[];
  cc: string[];
  bcc: string[];
  subject: string;
  headers: Email['headers'];
}

export function readRawHeader(raw: string): RawHeader {
  const [head = ''] = raw.split(/\r?\n\r?\n/, 1);
  const headers = head
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [{ name: line.slice(0, colon), value: line.slice(colon + 1).trim() }] : [];
    });
  const value = (name: string): string | undefined =>
    headers.find((header) => header.name.toLowerCase() === name)?.value;
  const mailboxes = (name: string): string[] =>
    (value(name) ?? '')
      .split(',')
      .map((mailbox) => mailbox.trim())
      .filter((mailbox) => mailbox !== '');
  return {
    from: value('from'),
    to: mailboxes('to'),
    cc: mailboxes('cc'),
    bcc: mailboxes('bcc'),
    subject: value('subject') ?? '',
    headers,
  };
}
