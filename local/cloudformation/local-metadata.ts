import * as z from 'zod';
import { TemplateError } from './template-error.ts';
import type { Template } from './template.ts';

const schema = z.strictObject({ SubjectAttribute: z.string().optional() });

/**
 * What the template tells the local system in `Metadata.LocalRuntime`: the message attribute that
 * says what a message is about.
 *
 * @throws TemplateError
 */
export function subjectAttributeOf({ Metadata: metadata }: Template): {
  subjectAttribute?: string;
} {
  const parsed = schema.safeParse(metadata['LocalRuntime'] ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new TemplateError('Metadata.LocalRuntime', issue?.message ?? 'not valid');
  }
  const { SubjectAttribute: subjectAttribute } = parsed.data;
  return subjectAttribute === undefined ? {} : { subjectAttribute };
}
