/** What XML 1.0 can't carry; a lone surrogate counts, a pair does not. */
const OUTSIDE_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * The first character of `text` that a message may not contain, written as AWS writes it (`#x1`).
 *
 * @see https://www.w3.org/TR/REC-xml/#charsets
 */
export function characterOutsideXml(text: string): string | undefined {
  const character = OUTSIDE_XML.exec(text)?.[0];
  return character === undefined
    ? undefined
    : `#x${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
}
