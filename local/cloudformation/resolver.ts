import { intrinsics, type Evaluation } from './intrinsics.ts';
import type { Template, TemplateParameter } from './template.ts';
import { TemplateError, UnsupportedFunctionError } from './template-error.ts';
import { intrinsicCall, isTemplateObject, type TemplateValue } from './template-value.ts';

/** The account, region and stack that a template is resolved for. */
export interface StackIdentity {
  stackName: string;
  accountId: string;
  region: string;
}

/** What the rest of a template may read of a resource that exists. */
export interface ResourceValues {
  /** The value of `Ref`. */
  ref: string;
  /** The values of `Fn::GetAtt`, by attribute name. */
  attributes: Record<string, string>;
  /** Stands in for every attribute of a resource that does not exist here. */
  anyAttribute?: (name: string) => string;
}

/** What `AWS::NoValue` resolves to: the property or list element is left out. */
const NO_VALUE = undefined;

/**
 * Evaluates the intrinsic functions of one template. Values of resources become known one after the
 * other, in dependency order, through `setResource`.
 */
export class Resolver implements Evaluation {
  readonly template: Template;
  readonly #pseudoParameters: Map<string, TemplateValue | undefined>;
  readonly #parameters = new Map<string, TemplateValue>();
  readonly #resources = new Map<string, ResourceValues>();
  readonly #conditions = new Map<string, boolean>();
  readonly #conditionsInProgress: string[] = [];
  readonly #unresolved: { path: string; reason: string }[] = [];

  /**
   * @param parameters values for the template's parameters; the others take their default
   * @throws TemplateError for a parameter without a value, or with one that is not allowed
   */
  constructor(template: Template, stack: StackIdentity, parameters: Record<string, string> = {}) {
    this.template = template;
    const stackId = `arn:aws:cloudformation:${stack.region}:${stack.accountId}:stack/${stack.stackName}/local`;
    this.#pseudoParameters = new Map<string, TemplateValue | undefined>([
      ['AWS::Region', stack.region],
      ['AWS::AccountId', stack.accountId],
      ['AWS::Partition', 'aws'],
      ['AWS::URLSuffix', 'amazonaws.com'],
      ['AWS::StackName', stack.stackName],
      ['AWS::StackId', stackId],
      ['AWS::NotificationARNs', []],
      ['AWS::NoValue', NO_VALUE],
    ]);
    for (const [name, definition] of Object.entries(template.Parameters)) {
      const given = parameters[name] ?? definition.Default;
      if (given === undefined) this.#unresolved.push(parameterNotice(name));
      const value = given ?? standInValue(name, definition);
      this.#parameters.set(name, parameterValue(name, definition, value));
    }
    for (const name of Object.keys(parameters)) {
      if (!Object.hasOwn(template.Parameters, name)) {
        throw new TemplateError(`Parameters.${name}`, 'the template has no such parameter');
      }
    }
  }

  /** What had to be replaced by a value that leads nowhere since the last call, by its path. */
  takeUnresolved(): { path: string; reason: string }[] {
    return this.#unresolved.splice(0);
  }

  unresolved(path: string, reason: string): void {
    this.#unresolved.push({ path, reason });
  }

  setResource(logicalId: string, values: ResourceValues): void {
    this.#resources.set(logicalId, values);
  }

  /** Resolves every intrinsic within `value`; undefined stands for `AWS::NoValue`. */
  resolve(value: TemplateValue, path: string): TemplateValue | undefined {
    if (Array.isArray(value)) {
      return value.flatMap((element, index) => {
        const resolved = this.resolve(element, `${path}.${index}`);
        return resolved === undefined ? [] : [resolved];
      });
    }
    if (!isTemplateObject(value)) return value;
    const call = intrinsicCall(value);
    if (call) {
      const evaluate = intrinsics.get(call.name);
      if (!evaluate) throw new UnsupportedFunctionError(path, call.name);
      return evaluate(this, call.argument, `${path}.${call.name}`);
    }
    const resolvedEntries: [string, TemplateValue][] = [];
    for (const [key, child] of Object.entries(value)) {
      if (key.startsWith('Fn::')) {
        throw new TemplateError(path, `${key} must be the only key of its object`);
      }
      const resolved = this.resolve(child, `${path}.${key}`);
      if (resolved !== undefined) resolvedEntries.push([key, resolved]);
    }
    return Object.fromEntries(resolvedEntries);
  }

  reference(name: string, path: string): TemplateValue | undefined {
    if (this.#pseudoParameters.has(name)) return this.#pseudoParameters.get(name);
    const parameter = this.#parameters.get(name);
    if (parameter !== undefined) return parameter;
    return this.#resource(name, path).ref;
  }

  attribute(logicalId: string, attribute: string, path: string): TemplateValue {
    const { attributes, anyAttribute } = this.#resource(logicalId, path);
    const value = Object.hasOwn(attributes, attribute)
      ? attributes[attribute]
      : anyAttribute?.(attribute);
    if (value === undefined) {
      const type = this.template.Resources[logicalId]?.Type;
      const known = Object.keys(attributes).join(', ') || 'none';
      this.unresolved(
        path,
        `${logicalId} (${type}) has no attribute ${attribute} here; known: ${known}`,
      );
      return `${logicalId}.${attribute}`;
    }
    return value;
  }

  condition(name: string, path: string): boolean {
    const known = this.#conditions.get(name);
    if (known !== undefined) return known;
    const definition = this.template.Conditions[name];
    if (definition === undefined || !Object.hasOwn(this.template.Conditions, name)) {
      throw new TemplateError(path, `the template has no condition ${name}`);
    }
    if (this.#conditionsInProgress.includes(name)) {
      const cycle = [...this.#conditionsInProgress, name].join(' → ');
      throw new TemplateError(path, `the conditions depend on each other: ${cycle}`);
    }
    this.#conditionsInProgress.push(name);
    const value = this.conditionValue(definition, `Conditions.${name}`);
    this.#conditionsInProgress.pop();
    this.#conditions.set(name, value);
    return value;
  }

  conditionValue(definition: TemplateValue, path: string): boolean {
    const named = isTemplateObject(definition) ? definition['Condition'] : undefined;
    if (typeof named === 'string') return this.condition(named, path);
    const value = this.resolve(definition, path);
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    throw new TemplateError(
      path,
      `a condition must be true or false, not ${JSON.stringify(value)}`,
    );
  }

  #resource(logicalId: string, path: string): ResourceValues {
    const values = this.#resources.get(logicalId);
    if (values) return values;
    const { Resources: resources } = this.template;
    const definition = Object.hasOwn(resources, logicalId) ? resources[logicalId] : undefined;
    if (definition?.Condition !== undefined && !this.condition(definition.Condition, path)) {
      throw new TemplateError(
        path,
        `${logicalId} is not created, because its condition ${definition.Condition} is false`,
      );
    }
    throw new TemplateError(
      path,
      definition
        ? `${logicalId} is used before it exists`
        : `the template has no resource or parameter ${logicalId}`,
    );
  }
}

const parameterNotice = (name: string): { path: string; reason: string } => ({
  path: `Parameters.${name}`,
  reason: 'the parameter has no default and no value was given',
});

/** For a parameter that nobody gave a value: the first that is allowed, or its own name. */
function standInValue(name: string, definition: TemplateParameter): string | number | boolean {
  const [first] = definition.AllowedValues ?? [];
  if (first !== undefined) return first;
  if (definition.Type === 'Number') return 0;
  return definition.Type.includes('List') ? '' : name;
}

function parameterValue(
  name: string,
  definition: TemplateParameter,
  value: NonNullable<TemplateParameter['Default']>,
): TemplateValue {
  const path = `Parameters.${name}`;
  if (definition.AllowedValues && !definition.AllowedValues.map(String).includes(String(value))) {
    throw new TemplateError(
      path,
      `${String(value)} is not one of ${definition.AllowedValues.join(', ')}`,
    );
  }
  const isList = definition.Type === 'CommaDelimitedList' || definition.Type.startsWith('List<');
  if (!isList) return typeof value === 'object' ? value : String(value);
  return Array.isArray(value)
    ? value
    : String(value)
        .split(',')
        .map((element) => element.trim());
}
