import type { Template } from 'template-runtime/template';
import { isTemplateObject, type TemplateValue } from 'template-runtime/template';

/**
 * A copy of the template in which one property of one resource is another. The path leads through
 * objects and arrays: `PolicyDocument.Statement.0.Action`. With undefined the property is gone.
 *
 * @throws Error when the template has no such resource or property; a test would prove nothing then
 */
export function withProperty(
  template: Template,
  logicalId: string,
  path: string,
  value: TemplateValue | undefined,
): Template {
  const copy = structuredClone(template);
  const properties = copy.Resources[logicalId]?.Properties;
  const names = path.split('.');
  const last = names.pop() ?? '';
  let place: TemplateValue | undefined = properties;
  for (const name of names) place = child(place, name);
  if (Array.isArray(place) && value !== undefined) place[Number(last)] = value;
  else if (isTemplateObject(place) && value !== undefined) place[last] = value;
  else if (isTemplateObject(place) && last in place) delete place[last];
  else throw new Error(`The template has no ${logicalId}.${path} to alter`);
  return copy;
}

/** A copy of the template without one of its resources. */
export function withoutResource(template: Template, logicalId: string): Template {
  if (!template.Resources[logicalId]) throw new Error(`The template has no ${logicalId}`);
  const { [logicalId]: _, ...rest } = template.Resources;
  return { ...template, Resources: structuredClone(rest) };
}

function child(value: TemplateValue | undefined, name: string): TemplateValue | undefined {
  if (Array.isArray(value)) return value[Number(name)];
  return isTemplateObject(value) ? value[name] : undefined;
}
