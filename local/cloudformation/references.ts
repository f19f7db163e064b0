import { parseSubstitution, splitAttribute } from './substitution.ts';
import { TemplateError } from './template-error.ts';
import {
  intrinsicCall,
  isTemplateObject,
  type TemplateObject,
  type TemplateValue,
} from './template-value.ts';

/** A name that a value needs, and the place where it does. */
export interface Reference {
  name: string;
  path: string;
}

/** Decides `Fn::If`: only the branch that is taken counts. */
type ConditionHolds = (name: string, path: string) => boolean;

/** Every resource, parameter or pseudo parameter that resolving `value` will ask for. */
export function referencesOf(
  value: TemplateValue,
  path: string,
  conditionHolds: ConditionHolds,
): Reference[] {
  if (Array.isArray(value)) {
    return value.flatMap((element, index) =>
      referencesOf(element, `${path}.${index}`, conditionHolds),
    );
  }
  if (!isTemplateObject(value)) return [];
  const call = intrinsicCall(value);
  if (!call) return referencesOfEntries(value, path, conditionHolds);
  const inside = `${path}.${call.name}`;
  switch (call.name) {
    case 'Ref':
      return typeof call.argument === 'string' ? [{ name: call.argument, path: inside }] : [];
    case 'Fn::GetAtt':
      return attributeReference(call.argument, inside);
    case 'Fn::Sub':
      return substitutionReferences(call.argument, inside, conditionHolds);
    case 'Fn::If': {
      const [name, whenTrue = null, whenFalse = null] = Array.isArray(call.argument)
        ? call.argument
        : [];
      if (typeof name !== 'string') throw new TemplateError(inside, 'must name a condition');
      const taken = conditionHolds(name, inside) ? whenTrue : whenFalse;
      return referencesOf(taken, inside, conditionHolds);
    }
    default:
      return referencesOf(call.argument, inside, conditionHolds);
  }
}

const referencesOfEntries = (
  value: TemplateObject,
  path: string,
  conditionHolds: ConditionHolds,
): Reference[] =>
  Object.entries(value).flatMap(([key, child]) =>
    referencesOf(child, `${path}.${key}`, conditionHolds),
  );

function attributeReference(argument: TemplateValue, path: string): Reference[] {
  const [name] = Array.isArray(argument)
    ? argument
    : [typeof argument === 'string' ? splitAttribute(argument)?.logicalId : undefined];
  return typeof name === 'string' ? [{ name, path }] : [];
}

function substitutionReferences(
  argument: TemplateValue,
  path: string,
  conditionHolds: ConditionHolds,
): Reference[] {
  const [template, variables = {}] = Array.isArray(argument) ? argument : [argument];
  if (typeof template !== 'string') return [];
  const own = isTemplateObject(variables) ? variables : {};
  const used = parseSubstitution(template).flatMap((part) =>
    part.kind === 'name' && !Object.hasOwn(own, part.name)
      ? [{ name: splitAttribute(part.name)?.logicalId ?? part.name, path }]
      : [],
  );
  return [...used, ...referencesOf(variables, path, conditionHolds)];
}
