/** Sets properties of one resource of a template, as an alteration. */
export const withProperties =
  (logicalId: string, properties: Readonly<Record<string, unknown>>) =>
  (template: unknown): unknown => {
    const copy = structuredClone(template);
    const resources = member(copy, 'Resources');
    Object.assign(member(member(resources, logicalId), 'Properties'), properties);
    return copy;
  };

/** The template has no such part. */
export class TemplatePartMissingError extends Error {
  override readonly name = 'TemplatePartMissingError';
}

function member(value: unknown, name: string): object {
  if (typeof value === 'object' && value !== null) {
    const found: unknown = Reflect.get(value, name);
    if (typeof found === 'object' && found !== null) return found;
  }
  throw new TemplatePartMissingError(`There is no ${name} in the template`);
}
