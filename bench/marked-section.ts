const START = '<!-- bench:start -->';
const END = '<!-- bench:end -->';

/** The document does not say where the figures go. */
export class MarkersMissingError extends Error {
  override readonly name = 'MarkersMissingError';
}

/**
 * The document with `section` between its two markers, each on a line of its own.
 *
 * @throws MarkersMissingError
 */
export function withSection(document: string, section: string): string {
  const start = document.indexOf(START);
  const end = document.indexOf(END);
  if (start < 0 || end < start) {
    throw new MarkersMissingError(`The document has no line ${START} followed by ${END}`);
  }
  const before = document.slice(0, start + START.length);
  return `${before}\n\n${section}\n\n${document.slice(end)}`;
}
