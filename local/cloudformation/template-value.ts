/** Any JSON value of a template, intrinsic functions included. */
export type TemplateValue =
  string | number | boolean | null | TemplateValue[] | { [key: string]: TemplateValue };

export type TemplateObject = { [key: string]: TemplateValue };

export const isTemplateObject = (value: TemplateValue | undefined): value is TemplateObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One intrinsic function call: `{ "Fn::Join": [...] }` or `{ "Ref": "..." }`. */
export interface IntrinsicCall {
  name: string;
  argument: TemplateValue;
}

/**
 * The call that an object stands for, or undefined when the object is plain data. An object with a
 * key `Fn::…` beside other keys is neither; the resolver refuses it.
 */
export function intrinsicCall(value: TemplateObject): IntrinsicCall | undefined {
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0) return undefined;
  if (name !== 'Ref' && !name.startsWith('Fn::')) return undefined;
  const argument = value[name];
  return argument === undefined ? undefined : { name, argument };
}
