import * as z from 'zod';
import { TemplateError } from './template-error.ts';
import type { Template } from './template.ts';

const schema = z.strictObject({
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

function localMetadata({ Metadata: metadata }: Template): z.infer<typeof schema> {
  const parsed = schema.safeParse(metadata['LocalRuntime'] ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new TemplateError('Metadata.LocalRuntime', issue?.message ?? 'not valid');
  }
  return parsed.data;
}
