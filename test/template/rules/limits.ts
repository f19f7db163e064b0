import type { Template } from 'template-runtime/template';
import { isTemplateObject, type TemplateValue } from 'template-runtime/template';

/**
 * What CloudFormation takes at most.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export function templateLimits(template: Template, bytes: number): string[] {
  const findings: string[] = [];
  const resources = Object.keys(template.Resources).length;
  const outputs = Object.keys(template.Outputs).length;
  if (bytes > 1_000_000) findings.push(`the template has ${bytes} bytes`);
  if (resources > 500) findings.push(`the template has ${resources} resources`);
  if (outputs > 200) findings.push(`the template has ${outputs} outputs`);
  return findings;
}

const SECRET_NAME =
  /password|passwd|secret|credential|private_?key|api_?key|access_?key|auth_?token/i;
const SECRET_VALUE =
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_\w{30,}|\bxox[bp]-\w{10,}|\beyJ[\w-]{20,}\./;

/** Text that is a secret by its look, or by the name of the property that holds it. */
export function secrets(template: Template): string[] {
  return literals({ ...template.Resources, ...template.Outputs }, '')
    .filter(
      ({ path, text }) =>
        SECRET_VALUE.test(text) || (SECRET_NAME.test(path.split('.').at(-1) ?? '') && text !== ''),
    )
    .map(({ path }) => `${path.slice(1)}: holds what looks like a secret`);
}

function literals(value: unknown, path: string): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value))
    return value.flatMap((each, index) => literals(each, `${path}.${index}`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => literals(child, `${path}.${key}`));
}

/** Account ids that are written out tie the template to one account. */
export function accountIds(value: TemplateValue, path = 'Template'): string[] {
  if (typeof value === 'string') {
    return /(?<!\d)\d{12}(?!\d)/.test(value) ? [`${path}: names an account`] : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((each, index) => accountIds(each, `${path}.${index}`));
  }
  if (!isTemplateObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => accountIds(child, `${path}.${key}`));
}
