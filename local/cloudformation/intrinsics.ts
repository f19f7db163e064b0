import { parseSubstitution, splitAttribute } from './substitution.ts';
import type { Template } from './template.ts';
import { TemplateError } from './template-error.ts';
import { isTemplateObject, type TemplateValue } from './template-value.ts';

/** What the intrinsic functions need to know of the template they stand in. */
export interface Evaluation {
  readonly template: Template;
  resolve(value: TemplateValue, path: string): TemplateValue | undefined;
  reference(name: string, path: string): TemplateValue | undefined;
  attribute(logicalId: string, attribute: string, path: string): TemplateValue;
  condition(name: string, path: string): boolean;
  /** Notes that a value leads nowhere; the report names it. */
  unresolved(path: string, reason: string): void;
  conditionValue(definition: TemplateValue, path: string): boolean;
}

/** Evaluates one function; undefined stands for `AWS::NoValue`. */
type Intrinsic = (
  evaluation: Evaluation,
  argument: TemplateValue,
  path: string,
) => TemplateValue | undefined;

/**
 * The intrinsic functions that can be resolved without AWS.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export const intrinsics: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', (evaluation, argument, path) => evaluation.reference(text(argument, path), path)],
  ['Fn::GetAtt', getAttribute],
  ['Fn::Sub', substitute],
  ['Fn::Join', join],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::FindInMap', findInMap],
  [
    'Fn::Base64',
    (evaluation, argument, path) =>
      Buffer.from(text(evaluation.resolve(argument, path), path)).toString('base64'),
  ],
  ['Fn::If', choose],
  ['Fn::Equals', equals],
  ['Fn::And', (evaluation, argument, path) => operands(evaluation, argument, path).every(Boolean)],
  ['Fn::Or', (evaluation, argument, path) => operands(evaluation, argument, path).some(Boolean)],
  [
    'Fn::Not',
    (evaluation, argument, path) => !operands(evaluation, argument, path, 1).every(Boolean),
  ],
  ['Fn::GetAZs', availabilityZones],
  ['Fn::ImportValue', importValue],
  ['Fn::Length', length],
  ['Fn::ToJsonString', toJsonString],
]);

function getAttribute(evaluation: Evaluation, argument: TemplateValue, path: string) {
  const target = Array.isArray(argument)
    ? {
        logicalId: text(argument[0], path),
        attribute: argument
          .slice(1)
          .map((part) => text(evaluation.resolve(part, path), path))
          .join('.'),
      }
    : splitAttribute(text(argument, path));
  if (!target?.attribute) {
    throw new TemplateError(path, 'must name a resource and one of its attributes');
  }
  return evaluation.attribute(target.logicalId, target.attribute, path);
}

function substitute(evaluation: Evaluation, argument: TemplateValue, path: string) {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, undefined];
  return parseSubstitution(text(template, path))
    .map((part) => {
      if (part.kind === 'text') return part.text;
      const own = isTemplateObject(variables) ? variables[part.name] : undefined;
      if (own !== undefined) return text(evaluation.resolve(own, path), `${path}.${part.name}`);
      const target = splitAttribute(part.name);
      const value = target
        ? evaluation.attribute(target.logicalId, target.attribute, path)
        : evaluation.reference(part.name, path);
      return text(value, `${path}.${part.name}`);
    })
    .join('');
}

function join(evaluation: Evaluation, argument: TemplateValue, path: string): string {
  const [delimiter, elements] = pair(argument, path);
  return list(evaluation.resolve(elements, path), path)
    .map((element) => text(element, path))
    .join(text(delimiter, path));
}

function select(evaluation: Evaluation, argument: TemplateValue, path: string): TemplateValue {
  const [index, elements] = pair(argument, path);
  const chosen = text(evaluation.resolve(index, path), path);
  const values = list(evaluation.resolve(elements, path), path);
  const value = values[Number(chosen)];
  if (value === undefined) {
    throw new TemplateError(path, `there is no element ${chosen} in a list of ${values.length}`);
  }
  return value;
}

function split(evaluation: Evaluation, argument: TemplateValue, path: string): string[] {
  const [delimiter, source] = pair(argument, path);
  return text(evaluation.resolve(source, path), path).split(text(delimiter, path));
}

function findInMap(evaluation: Evaluation, argument: TemplateValue, path: string) {
  const parts = list(argument, path);
  if (parts.length < 3) throw new TemplateError(path, 'takes a map and two keys');
  const [map = '', first = '', second = ''] = parts
    .slice(0, 3)
    .map((part) => text(evaluation.resolve(part, path), path));
  const value = evaluation.template.Mappings[map]?.[first]?.[second];
  const options = parts[3];
  if (value === undefined && isTemplateObject(options) && options['DefaultValue'] !== undefined) {
    return evaluation.resolve(options['DefaultValue'], `${path}.DefaultValue`);
  }
  if (value === undefined) {
    throw new TemplateError(path, `the mappings have no ${map}.${first}.${second}`);
  }
  return value;
}

function choose(evaluation: Evaluation, argument: TemplateValue, path: string) {
  const [name, whenTrue, whenFalse] = list(argument, path);
  if (whenTrue === undefined || whenFalse === undefined) {
    throw new TemplateError(path, 'takes a condition and two values');
  }
  return evaluation.condition(text(name, path), path)
    ? evaluation.resolve(whenTrue, `${path}.1`)
    : evaluation.resolve(whenFalse, `${path}.2`);
}

function equals(evaluation: Evaluation, argument: TemplateValue, path: string): boolean {
  const [left, right] = pair(argument, path).map((side) => evaluation.resolve(side, path));
  return JSON.stringify(comparable(left)) === JSON.stringify(comparable(right));
}

/** CloudFormation compares as text: the number 1 equals "1". */
const comparable = (value: TemplateValue | undefined): TemplateValue | undefined =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;

function operands(
  evaluation: Evaluation,
  argument: TemplateValue,
  path: string,
  limit = 10,
): boolean[] {
  const values = list(argument, path);
  if (values.length === 0 || values.length > limit) {
    throw new TemplateError(path, `takes up to ${limit} conditions, not ${values.length}`);
  }
  return values.map((value, index) => evaluation.conditionValue(value, `${path}.${index}`));
}

function availabilityZones(evaluation: Evaluation, argument: TemplateValue, path: string) {
  const region = text(evaluation.resolve(argument, path), path);
  const name = region || text(evaluation.reference('AWS::Region', path), path);
  return ['a', 'b', 'c'].map((zone) => `${name}${zone}`);
}

/** The name of the export stands for its value. */
function importValue(evaluation: Evaluation, argument: TemplateValue, path: string): string {
  const name = text(evaluation.resolve(argument, path), path);
  evaluation.unresolved(path, `the export ${name} belongs to another stack, which is not here`);
  return name;
}

function length(evaluation: Evaluation, argument: TemplateValue, path: string): number {
  return list(evaluation.resolve(argument, path), path).length;
}

function toJsonString(evaluation: Evaluation, argument: TemplateValue, path: string): string {
  return JSON.stringify(evaluation.resolve(argument, path));
}

function pair(argument: TemplateValue, path: string): [TemplateValue, TemplateValue] {
  const [first, second, ...rest] = list(argument, path);
  if (first === undefined || second === undefined || rest.length > 0) {
    throw new TemplateError(path, 'takes a list of two');
  }
  return [first, second];
}

function list(value: TemplateValue | undefined, path: string): TemplateValue[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(path, `expected a list, not ${JSON.stringify(value)}`);
}

function text(value: TemplateValue | undefined, path: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(path, `expected text, not ${JSON.stringify(value)}`);
}
