/** A piece of the text of `Fn::Sub`: literal text, or a name to be replaced. */
export type SubstitutionPart = { kind: 'text'; text: string } | { kind: 'name'; name: string };

const PLACEHOLDER = /\$\{(!?)([^}]*)\}/g;

/**
 * Splits the text of `Fn::Sub` at its `${Name}` placeholders; `${!Name}` stands for the text
 * `${Name}`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
 */
export function parseSubstitution(text: string): SubstitutionPart[] {
  const parts: SubstitutionPart[] = [];
  let position = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, escaped, name = ''] = match;
    if (match.index > position) {
      parts.push({ kind: 'text', text: text.slice(position, match.index) });
    }
    parts.push(
      escaped ? { kind: 'text', text: `\${${name}}` } : { kind: 'name', name: name.trim() },
    );
    position = match.index + whole.length;
  }
  if (position < text.length) parts.push({ kind: 'text', text: text.slice(position) });
  return parts;
}

/** Splits `LogicalId.Attribute` at its first dot; the attribute may hold further dots. */
export function splitAttribute(name: string): { logicalId: string; attribute: string } | undefined {
  const dot = name.indexOf('.');
  if (dot <= 0 || dot === name.length - 1) return undefined;
  return { logicalId: name.slice(0, dot), attribute: name.slice(dot + 1) };
}
