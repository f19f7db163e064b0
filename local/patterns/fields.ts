import type { Scalar } from './comparisons.ts';

/** A value in a message, and which element of each array around it it belongs to. */
export interface Field {
  value: Scalar;
  /** Pairs of an array's number and the element's index, outermost first. */
  elements: readonly (readonly [array: number, index: number])[];
}

/** What a message offers to filtering: every value by the dotted path of its key. */
export interface Fields {
  byPath: ReadonlyMap<string, readonly Field[]>;
  /** Keys that exist but hold nothing comparable: neither present nor absent. */
  unreadable: ReadonlySet<string>;
}

/**
 * The fields of a JSON body below `paths`.
 *
 * @param paths the policy's paths and all their dotted prefixes; nothing else is visited
 */
export function fieldsOfBody(body: object, paths: ReadonlySet<string>): Fields {
  const byPath = new Map<string, Field[]>();
  let arrays = 0;
  const visit = (value: unknown, path: string, elements: Field['elements']): void => {
    if (Array.isArray(value)) {
      const array = arrays++;
      value.forEach((item: unknown, index) => {
        const inside = typeof item === 'object' && item !== null;
        visit(item, path, inside ? [...elements, [array, index]] : elements);
      });
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, child] of Object.entries(value)) {
        const childPath = path === '' ? name : `${path}.${name}`;
        if (paths.has(childPath)) visit(child, childPath, elements);
      }
    } else if (isScalar(value)) {
      const fields = byPath.get(path);
      if (fields) fields.push({ value, elements });
      else byPath.set(path, [{ value, elements }]);
    }
  };
  visit(body, '', []);
  return { byPath, unreadable: new Set() };
}

export const isScalar = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
