import * as z from 'zod';
import { TemplateError } from './template-error.ts';
import type { TemplateObject, TemplateValue } from './template-value.ts';

const templateValue: z.ZodType<TemplateValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(templateValue),
    z.record(z.string(), templateValue),
  ]),
);
const templateObject: z.ZodType<TemplateObject> = z.record(z.string(), templateValue);

const parameter = z.object({
  Type: z.string(),
  Default: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional(),
  AllowedValues: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
});

const resource = z.strictObject({
  Type: z.string(),
  Properties: templateObject.default({}),
  Condition: z.string().optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
  Metadata: templateObject.optional(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  UpdatePolicy: templateObject.optional(),
  CreationPolicy: templateObject.optional(),
});

const output = z.object({
  Value: templateValue,
  Condition: z.string().optional(),
  Export: z.object({ Name: templateValue }).optional(),
});

const templateSchema = z.strictObject({
  AWSTemplateFormatVersion: z.string().optional(),
  Description: z.string().optional(),
  Metadata: templateObject.default({}),
  Parameters: z.record(z.string(), parameter).default({}),
  Mappings: z
    .record(z.string(), z.record(z.string(), z.record(z.string(), templateValue)))
    .default({}),
  Conditions: z.record(z.string(), templateValue).default({}),
  Rules: templateObject.optional(),
  Transform: templateValue.optional(),
  Resources: z.record(z.string().regex(/^[a-zA-Z0-9]+$/), resource),
  Outputs: z.record(z.string(), output).default({}),
});

export type Template = z.infer<typeof templateSchema>;
export type TemplateParameter = z.infer<typeof parameter>;
export type TemplateResource = z.infer<typeof resource>;

/**
 * Reads a parsed CloudFormation template.
 *
 * @throws TemplateError for what is not a template, and for one that needs a macro or transform:
 *   those run in AWS alone
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export function parseTemplate(json: unknown): Template {
  const parsed = templateSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new TemplateError(
      issue?.path.map(String).join('.') || 'Template',
      issue?.message ?? 'not a CloudFormation template',
    );
  }
  const transforms = [parsed.data.Transform ?? []].flat();
  const unknown = transforms.filter((name) => name !== 'AWS::LanguageExtensions');
  if (unknown.length > 0) {
    throw new TemplateError(
      'Transform',
      `${JSON.stringify(unknown)} runs in AWS alone; package a template without it`,
    );
  }
  return parsed.data;
}

/** `DependsOn` as a list. */
export const explicitDependencies = (resourceOfTemplate: TemplateResource): string[] =>
  [resourceOfTemplate.DependsOn ?? []].flat();

const localMetadataSchema = z.strictObject({
  SubjectAttribute: z.string().optional(),
  Parameters: z.record(z.string(), z.string()).default({}),
});

/**
 * The message attribute that says what a message is about, as the template tells the local system in
 * `Metadata.LocalRuntime`.
 *
 * @throws TemplateError
 */
export function subjectAttributeOf(template: Template): { subjectAttribute?: string } {
  const { SubjectAttribute: subjectAttribute } = localMetadata(template);
  return subjectAttribute === undefined ? {} : { subjectAttribute };
}

/**
 * The values that the template's parameters have in the local system unless others are given
 * (`Metadata.LocalRuntime.Parameters`).
 *
 * @throws TemplateError
 */
export function localParametersOf(template: Template): Record<string, string> {
  return localMetadata(template).Parameters;
}

function localMetadata({ Metadata: metadata }: Template): z.infer<typeof localMetadataSchema> {
  const parsed = localMetadataSchema.safeParse(metadata['LocalRuntime'] ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new TemplateError('Metadata.LocalRuntime', issue?.message ?? 'not valid');
  }
  return parsed.data;
}
