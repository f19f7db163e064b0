/**
 * The plain name in what a client may name a function by: a name, `name:$LATEST`, a partial ARN
 * (`123456789012:function:name`) or an ARN.
 */
export function functionNameOf(reference: string): string {
  const [, name] = /(?:^|:)function:([^:]+)/.exec(reference) ?? [];
  return name ?? reference.split(':')[0] ?? reference;
}

/** The version or alias of a function reference: `$LATEST` unless it says another. */
export function qualifierOf(reference: string): string {
  const [, ofArn] = /(?:^|:)function:[^:]+(?::(.+))?$/.exec(reference) ?? [];
  if (reference.includes('function:')) return ofArn ?? '$LATEST';
  return reference.split(':')[1] ?? '$LATEST';
}
