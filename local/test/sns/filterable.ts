import { parseJson } from '../../json/parse-json.ts';
import {
  type Filterable,
  FilterPolicy,
  type FilterPolicyScope,
} from '../../sns/model/filter-policy.ts';
import type { MessageAttribute } from '../../sqs/queue.ts';

type AttributeText = string | number | unknown[];

/** A message with these attributes: text as String, a number as Number, a list as String.Array. */
export function withAttributes(values: Record<string, AttributeText>): Filterable {
  const attributes = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, attributeOf(value)]),
  );
  return { attributes, body: () => undefined };
}

function attributeOf(value: AttributeText): MessageAttribute {
  if (typeof value === 'string') return { dataType: 'String', stringValue: value };
  if (typeof value === 'number') return { dataType: 'Number', stringValue: String(value) };
  return { dataType: 'String.Array', stringValue: JSON.stringify(value) };
}

/** A message with this body, as JSON unless it is text already. */
export function withBody(body: unknown): Filterable {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { attributes: {}, body: () => parseJson(text) };
}

export const compile = (policy: unknown, scope: FilterPolicyScope): FilterPolicy =>
  new FilterPolicy(typeof policy === 'string' ? policy : JSON.stringify(policy), scope);
