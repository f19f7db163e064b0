/** The document does not say where the section goes. */
export class MarkersMissingError extends Error {
  override readonly name = 'MarkersMissingError';
}

/**
 * The document with `section` between the markers `<!-- name:start -->` and `<!-- name:end -->`,
 * each on a line of its own.
 *
 * @throws MarkersMissingError
 */
export function withSection(document: string, name: string, section: string): string {
  const opening = `<!-- ${name}:start -->`;
  const closing = `<!-- ${name}:end -->`;
  const start = document.indexOf(opening);
  const end = document.indexOf(closing);
  if (start < 0 || end < start) {
    throw new MarkersMissingError(`The document has no line ${opening} followed by ${closing}`);
  }
  const before = document.slice(0, start + opening.length);
  return `${before}\n\n${section}\n\n${document.slice(end)}`;
}
