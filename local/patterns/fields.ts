import type { MessageAttribute } from '../sqs/queue.ts';
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
  return { byPath, unreadable: NONE };
}

const NONE: ReadonlySet<string> = new Set();

/**
 * The fields of message attributes: strings, numbers and the elements of a `String.Array`. Binary
 * attributes take no part.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */
export function fieldsOfAttributes(
  attributes: Record<string, MessageAttribute>,
  paths: ReadonlySet<string>,
): Fields {
  const byPath = new Map<string, Field[]>();
  const unreadable = new Set<string>();
  for (const [name, { dataType, stringValue }] of Object.entries(attributes)) {
    if (!paths.has(name) || stringValue === undefined) continue;
    const values = scalarsOf(dataType, stringValue);
    if (values) byPath.set(name, values.map(withoutElements));
    else unreadable.add(name);
  }
  return { byPath, unreadable };
}

const withoutElements = (value: Scalar): Field => ({ value, elements: [] });

function scalarsOf(dataType: string, text: string): Scalar[] | undefined {
  if (dataType.endsWith('.Array')) return elementsOf(text);
  if (dataType !== 'Number' && !dataType.startsWith('Number.')) return [escaped(text)];
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? undefined : [number];
}

function elementsOf(text: string): Scalar[] | undefined {
  const parsed = parseJson(text);
  const items: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  const scalars = items.filter(isScalar);
  if (parsed === undefined) return undefined;
  return scalars.map((value) => (typeof value === 'string' ? escaped(value) : value));
}

/**
 * Quotes and backslashes are compared in their JSON form, so that a policy on attributes has to
 * escape them twice.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
const escaped = (text: string): string => text.replaceAll(/["\\]/g, '\\$&');

/** The value, or undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isScalar = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
