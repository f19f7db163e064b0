/** Reading a CloudFormation template. */
export { referencesOf } from '../cloudformation/references.ts';
export { nameOfArn } from '../cloudformation/generated-names.ts';
export { parseTemplate, type Template, type TemplateResource } from '../cloudformation/template.ts';
export {
  isTemplateObject,
  type TemplateObject,
  type TemplateValue,
} from '../cloudformation/template-value.ts';
