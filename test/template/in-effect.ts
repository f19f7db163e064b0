import type { Template } from 'template-runtime/template';
import { isTemplateObject, type TemplateValue } from 'template-runtime/template';

/** Values of the parameters with which every condition of the template holds. */
export const EVERYTHING: Readonly<Record<string, string>> = {
  AlarmEmail: 'on-call@example.org',
  Dashboard: 'all',
  EmailSender: 'orders@example.org',
  FurtherAlarms: 'all',
  MonthlyBudget: '20',
  Tracing: 'Active',
};

/**
 * What CloudFormation makes of the template: without the resources and outputs whose condition is
 * false, and with the chosen branch of every `Fn::If`.
 *
 * @param parameters values for the template's parameters; the others take their default
 * @throws Error for a condition that is made of something else than the condition functions
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
 */
export function inEffect(template: Template, parameters: Record<string, string> = {}): Template {
  const holds = (condition: string | undefined): boolean =>
    condition === undefined || isTrue({ Condition: condition });

  const isTrue = (condition: TemplateValue | undefined): boolean => {
    const [[name, argument] = [], ...others] = isTemplateObject(condition)
      ? Object.entries(condition)
      : [];
    if (others.length === 0 && name === 'Condition' && typeof argument === 'string') {
      return isTrue(template.Conditions[argument]);
    }
    if (others.length === 0 && Array.isArray(argument)) {
      if (name === 'Fn::Equals') return valueOf(argument[0]) === valueOf(argument[1]);
      if (name === 'Fn::Not') return !isTrue(argument[0]);
      if (name === 'Fn::And') return argument.every(isTrue);
      if (name === 'Fn::Or') return argument.some(isTrue);
    }
    throw new Error(`No condition of the template: ${JSON.stringify(condition)}`);
  };

  const valueOf = (value: TemplateValue | undefined): string => {
    const name = isTemplateObject(value) ? value['Ref'] : undefined;
    const resolved =
      typeof name === 'string' ? (parameters[name] ?? template.Parameters[name]?.Default) : value;
    if (typeof resolved === 'string' || typeof resolved === 'number') return String(resolved);
    throw new Error(`No value to compare: ${JSON.stringify(value)}`);
  };

  const chosen = (value: TemplateValue): TemplateValue | undefined => {
    if (Array.isArray(value)) {
      return value.flatMap((each) => {
        const kept = chosen(each);
        return kept === undefined ? [] : [kept];
      });
    }
    if (!isTemplateObject(value)) return value;
    if (value['Ref'] === 'AWS::NoValue') return undefined;
    const choice = value['Fn::If'];
    if (Array.isArray(choice)) {
      const [condition, whenTrue = null, whenFalse = null] = choice;
      return chosen(isTrue({ Condition: condition ?? null }) ? whenTrue : whenFalse);
    }
    return entries(value);
  };

  const entries = (value: Record<string, TemplateValue>): Record<string, TemplateValue> =>
    Object.fromEntries(
      Object.entries(value).flatMap(([key, child]) => {
        const kept = chosen(child);
        return kept === undefined ? [] : [[key, kept]];
      }),
    );

  return {
    ...template,
    Resources: Object.fromEntries(
      Object.entries(template.Resources)
        .filter(([, { Condition }]) => holds(Condition))
        .map(([id, resource]) => [id, { ...resource, Properties: entries(resource.Properties) }]),
    ),
    Outputs: Object.fromEntries(
      Object.entries(template.Outputs).filter(([, { Condition }]) => holds(Condition)),
    ),
  };
}
