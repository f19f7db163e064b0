const MASK = '***';

/** Fields that say who someone is or where they live, wherever in a logged object they are. */
const PERSONAL_FIELDS: ReadonlySet<string> = new Set([
  'address',
  'body',
  'city',
  'customer',
  'email',
  'emailAddress',
  'line1',
  'line2',
  'postalCode',
  'toAddresses',
  'ToAddresses',
]);

/** Also finds addresses inside of text, as in the message of an error from the mail service. */
const EMAIL_ADDRESS = /[^\s@<>"'(),:;]+@[^\s@<>"'(),:;]+/g;

/**
 * A replacer for JSON.stringify that every log line goes through. Handlers log ids only; this is
 * the net beneath them. Of a customer the id remains.
 */
export function maskPersonalData(key: string, value: unknown): unknown {
  if (value instanceof Error) return value;
  if (key === 'customer' && typeof value === 'object' && value !== null && 'id' in value) {
    return { id: value.id };
  }
  if (PERSONAL_FIELDS.has(key) && value !== undefined) return MASK;
  return typeof value === 'string' ? value.replace(EMAIL_ADDRESS, MASK) : value;
}
