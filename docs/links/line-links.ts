const LINE_FRAGMENT = /^L(?<line>\d+)$/;

/** The line number of a fragment such as `L12`, or undefined when it names no line. */
export function lineOfFragment(fragment: string | undefined): number | undefined {
  const line = LINE_FRAGMENT.exec(fragment ?? '')?.groups?.['line'];
  return line === undefined ? undefined : Number(line);
}

/** The identifier of a link text that is one piece of code, such as `` `OrderEvents` ``. */
export function identifierOf(linkText: string): string | undefined {
  return /^`(?<identifier>[^`]+)`$/.exec(linkText)?.groups?.['identifier'];
}

/** True when `line` has `identifier` as a whole word (an identifier may hold dots or dashes). */
export function mentions(line: string, identifier: string): boolean {
  return wholeWord(identifier).test(line);
}

/**
 * The number (from 1) of the line that a link to `identifier` should have: the line that defines it
 * or else the first that mentions it.
 *
 * @returns undefined when no line mentions it
 */
export function lineFor(source: string, identifier: string): number | undefined {
  const lines = source.split('\n');
  const word = escaped(identifier);
  const definitions = [
    // TypeScript: a declaration, a method or a property.
    new RegExp(`\\b(?:function|class|interface|type|const|let)\\s+${word}(?![\\w$])`),
    new RegExp(`^\\s*(?:async\\s+|static\\s+|readonly\\s+|#)*${word}\\s*[(:=<]`),
    // YAML and JSON: a key.
    new RegExp(`^\\s*(?:-\\s+)?["']?${word}["']?:`),
  ];
  for (const definition of definitions) {
    const index = lines.findIndex((line) => definition.test(line));
    if (index >= 0) return index + 1;
  }
  const index = lines.findIndex((line) => mentions(line, identifier));
  return index >= 0 ? index + 1 : undefined;
}

const escaped = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);

const wholeWord = (identifier: string): RegExp =>
  new RegExp(`(?<![\\w$])${escaped(identifier)}(?![\\w$])`);
