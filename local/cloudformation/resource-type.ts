import * as z from 'zod';
import type { StackServices } from './stack-services.ts';
import type { ResourceValues } from './resolver.ts';
import { TemplateError } from './template-error.ts';
import type { TemplateObject } from './template-value.ts';

/** A resource of the template, its properties resolved. */
export interface ResourceRequest {
  logicalId: string;
  type: string;
  properties: TemplateObject;
  /**
   * The name of a resource that has none of its own: the same in every run, so that a system with
   * a data folder finds it again.
   */
  generatedName: string;
}

/** A resource that exists, as far as it can here. */
export interface CreatedResource extends ResourceValues {
  /** What of it does not work here, one sentence each; the start report names them. */
  shortcomings?: string[];
}

/** Creates resources of one type, or finds those that an earlier run has left in the data folder. */
export type ResourceType = (
  request: ResourceRequest,
  services: StackServices,
) => CreatedResource | Promise<CreatedResource>;

/** CloudFormation takes numbers and booleans as text too. */
export const integer = z.coerce.number().int();
export const flag = z.union([z.boolean(), z.stringbool()]);

/**
 * A property that changes nothing here and whose absence nobody would notice: tags, encryption,
 * descriptions. Everything that a schema does not name counts as a shortcoming.
 */
export const harmless = z.unknown();

/** `[{ Key, Value }]` as a map. */
export const tags = z
  .array(z.object({ Key: z.string(), Value: z.coerce.string() }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ Key, Value }) => [Key, Value])));

/**
 * Checks a resource's properties.
 *
 * @throws TemplateError that names the property
 */
export function readProperties<S extends z.ZodObject>(
  schema: S,
  { logicalId, properties }: ResourceRequest,
): { properties: z.infer<S>; shortcomings: string[] } {
  const parsed = schema.safeParse(properties);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = ['Resources', logicalId, 'Properties', ...(issue?.path ?? [])];
    throw new TemplateError(path.map(String).join('.'), issue?.message ?? 'not valid');
  }
  const shortcomings = unread(properties, parsed.data).map(
    (path) => `its property ${path} has no effect here`,
  );
  return { properties: parsed.data, shortcomings };
}

/** Paths of what was given and is not in what a schema made of it, at every depth. */
function unread(given: unknown, read: unknown): string[] {
  if (Array.isArray(given)) {
    if (!Array.isArray(read)) return [];
    return given.flatMap((element, index) =>
      unread(element, read[index]).map((path) => `${index}.${path}`),
    );
  }
  if (!isRecord(given) || !isRecord(read)) return [];
  return Object.entries(given).flatMap(([name, value]) =>
    Object.hasOwn(read, name) ? unread(value, read[name]).map((path) => `${name}.${path}`) : [name],
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
